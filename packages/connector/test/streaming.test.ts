import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { describe, expect, it } from "vitest";
import { read, readUntil, stage } from "./harness.ts";
import { prompt } from "./kit.ts";

setFlagsFromString("--expose-gc");
const collect: () => void = runInNewContext("gc");
/** How often the memory is looked at, in bytes of the answer. */
const STEP = 8 * 1_024 * 1_024;

const SHAPES = ["response.failed", "error"] as const;
const CODES = ["usage_limit_reached", "server_is_overloaded", "rate_limit_exceeded"] as const;

describe("streaming over HTTP", () => {
  it("CON-12: passes the first half on before the upstream has sent the second", async () => {
    const { connector, sim } = await stage(["a"]);
    sim.script("a", [{ kind: "gated-stream", gate: "half" }]);
    const reader = (await connector.handle(prompt()))._unsafeUnwrap().body!.getReader();
    const first = await readUntil(reader, "output_text.delta");
    expect(first).not.toContain("response.completed");
    sim.releaseGate("half");
    await readUntil(reader, "response.completed");
  });

  it("CON-12: memory does not grow with the length of the answer", async () => {
    const { connector, sim } = await stage(["a"]);
    const chunks = 64 * 1_024;
    sim.script("a", [{ kind: "big-answer", chunks }]);
    const reader = (await connector.handle(prompt()))._unsafeUnwrap().body!.getReader();
    await readUntil(reader, "output_text.delta");
    const before = liveBytes();
    const later: number[] = [];
    let bytes = 0;
    let last: Uint8Array = new Uint8Array();
    for (let next = await reader.read(); !next.done; next = await reader.read()) {
      const passedStep = Math.floor((bytes + next.value.length) / STEP) > Math.floor(bytes / STEP);
      bytes += next.value.length;
      last = next.value;
      if (passedStep && bytes > 4 * STEP) later.push(liveBytes());
    }
    expect(bytes).toBeGreaterThan(chunks * 1_024);
    // Buffers on their way are part of each look; what stays is in all of them.
    expect(Math.min(...later) - before).toBeLessThan(STEP);
    expect(new TextDecoder().decode(last)).toContain("response.completed");
  });

  it("CON-12: a client that stops reading stops the upstream", async () => {
    const { connector, sim, pool } = await stage(["a"]);
    sim.script("a", [{ kind: "big-answer", chunks: 200_000 }]);
    const reader = (await connector.handle(prompt()))._unsafeUnwrap().body!.getReader();
    await readUntil(reader, "output_text.delta");
    expect(sim.log()[0]?.outcome).toBe("open");
    await reader.cancel();
    await sim.waitForLog((entries) => entries[0]?.outcome === "aborted");
    expect(pool.events).toEqual([]);
  });

  it.each(SHAPES.flatMap((shape) => CODES.map((code) => ({ shape, code }))))(
    "CON-18: $code in a $shape event before anything generated fails over unseen",
    async ({ shape, code }) => {
      const { connector, sim, pool, asked } = await stage(["a", "b"]);
      sim.script("a", [{ kind: "stream-error", code, shape }]);
      const answer = await read((await connector.handle(prompt()))._unsafeUnwrap());
      expect(answer.text).toBe("b answered: hi");
      expect(answer.types).not.toContain(shape);
      expect(asked()).toEqual(["a 200", "b 200"]);
      const kind = code === "usage_limit_reached" ? "quota" : "transient";
      expect(pool.events.map(({ alias, event }) => `${alias} ${event.kind}`)).toEqual([
        `a ${kind}`,
        "b served",
      ]);
    },
  );

  it.each(SHAPES)(
    "CON-18: a limit in a %s event after visible output is passed on, and the account rests",
    async (shape) => {
      const { connector, sim, pool, asked, records } = await stage(["a", "b"]);
      sim.script("a", [{ kind: "stream-error", code: "usage_limit_reached", at: "after-output", shape }]);
      const answer = await read((await connector.handle(prompt()))._unsafeUnwrap());
      expect(answer.types.at(-1)).toBe(shape);
      expect(answer.types.filter((type) => type === shape)).toHaveLength(1);
      expect(asked()).toEqual(["a 200"]);
      expect(pool.events).toMatchObject([{ alias: "a", event: { kind: "quota" } }]);
      expect(records[0]).toMatchObject({
        outcome: "interrupted",
        attempts: [{ alias: "a", verdict: "quota" }],
      });

      expect(await read((await connector.handle(prompt()))._unsafeUnwrap())).toMatchObject({
        text: "b answered: hi",
      });
    },
  );

  it.each(["drop", "end"] as const)(
    "CON-07, CON-18: an answer cut (%s) after output ends well-formed, unrepeated, and the account is marked",
    async (how) => {
      const { connector, sim, pool, asked, records } = await stage(["a", "b"]);
      sim.script("a", [{ kind: "cut-stream", afterEvents: 8, how }]);
      const answer = await read((await connector.handle(prompt()))._unsafeUnwrap());
      expect(answer.types.at(-1)).toBe("response.failed");
      expect(answer.types.filter((type) => type === "response.created")).toHaveLength(1);
      expect(asked()).toEqual(["a 200"]);
      expect(pool.events).toMatchObject([{ alias: "a", event: { kind: "transient" } }]);
      expect(records[0]?.outcome).toBe("interrupted");
    },
  );

  it.each(["drop", "end"] as const)(
    "CON-07: an answer cut (%s) before any output goes to another account",
    async (how) => {
      const { connector, sim } = await stage(["a", "b"]);
      sim.script("a", [{ kind: "cut-stream", afterEvents: 2, how }]);
      expect(await read((await connector.handle(prompt()))._unsafeUnwrap())).toMatchObject({
        text: "b answered: hi",
      });
    },
  );
});

/** Memory that is in use after a collection. */
function liveBytes(): number {
  collect();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}
