import { describe, expect, it } from "vitest";
import { read, stage, type Stage } from "./harness.ts";
import { prompt } from "./kit.ts";

/** OpenCode waits out a 429 of at most a minute, and asks six times at most. */
const WORTH_WAITING_MS = 60_000;
const ASKS = 6;

describe("a client that comes back when it is told to, as OpenCode does", () => {
  it.each(["server-error", "overload", "reset"] as const)(
    "CON-20: one account and one passing %s: the answer comes with the next ask",
    async (kind) => {
      const staged = await stage(["a"]);
      staged.sim.script("a", [{ kind }]);
      expect(await ask(staged)).toEqual({ text: "a answered: hi", waits: [expect.any(Number)] });
    },
  );

  it("CON-20: one account whose answer was cut: the next ask is answered", async () => {
    const staged = await stage(["a"]);
    staged.sim.script("a", [{ kind: "cut-stream", afterEvents: 8, how: "drop" }]);
    expect((await read((await staged.connector.handle(prompt()))._unsafeUnwrap())).types.at(-1)).toBe(
      "response.failed",
    );
    expect(await ask(staged)).toMatchObject({ text: "a answered: hi" });
  });

  it("CON-20: with three of five accounts overloaded the next ask goes to the others", async () => {
    const staged = await stage(["a", "b", "c", "d", "e"]);
    for (const alias of ["a", "b", "c"]) staged.sim.script(alias, [{ kind: "overload", times: "always" }]);
    const { text, waits } = await ask(staged);
    expect(text).toBe("d answered: hi");
    expect(waits).toHaveLength(1);
    expect(waits[0]).toBeLessThanOrEqual(2_000);
  });

  it("CON-10, CON-20: an account that is down is still tried, every quarter of a minute, where it is the only one", async () => {
    const staged = await stage(["a"]);
    staged.sim.script("a", [{ kind: "overload", times: 5 }]);
    const { text, waits } = await ask(staged);
    expect(text).toBe("a answered: hi");
    expect(waits).toHaveLength(5);
    expect(staged.pool.account("a").health.failures).toBeGreaterThanOrEqual(3);
    for (const wait of waits) expect(wait).toBeLessThanOrEqual(15_000);
  });

  it("CON-20: a limit among passing failures is not waited for, the passing failure is", async () => {
    const staged = await stage(["a", "b"]);
    staged.sim.drain("a", "fiveHour");
    staged.sim.script("b", [{ kind: "server-error" }]);
    const { text, waits } = await ask(staged);
    expect(text).toBe("b answered: hi");
    expect(waits).toHaveLength(1);
  });

  it("CON-20: where only limits stand in the way there is nothing to wait for", async () => {
    const staged = await stage(["a", "b"]);
    staged.sim.drain("a", "fiveHour");
    staged.sim.drain("b", "fiveHour");
    expect(await ask(staged)).toEqual({ text: undefined, waits: [] });
  });
});

async function ask({
  connector,
  clock,
  advance,
}: Stage): Promise<{ text: string | undefined; waits: number[] }> {
  const waits: number[] = [];
  for (let asked = 0; asked < ASKS; asked += 1) {
    const result = await connector.handle(prompt());
    if (result.isOk()) return { text: (await read(result.value)).text, waits };
    const wait = (result.error.details.nextRetryAt ?? Infinity) - clock.now();
    if (wait > WORTH_WAITING_MS) break;
    waits.push(wait);
    advance(wait);
  }
  return { text: undefined, waits };
}
