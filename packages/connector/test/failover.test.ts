import { describe, expect, it } from "vitest";
import { prompt } from "./kit.ts";
import { read, stage } from "./harness.ts";

describe("failover over HTTP", () => {
  it("CON-03: an account at its limit sleeps until its reset while another answers the same prompt", async () => {
    const { connector, sim, pool, asked, advance } = await stage(["a", "b"]);
    sim.drain("a", "fiveHour");

    const answer = await read((await connector.handle(prompt()))._unsafeUnwrap());
    expect(answer).toMatchObject({ status: 200, text: "b answered: hi" });
    expect(answer.types.filter((type) => type === "response.created")).toHaveLength(1);
    expect(asked()).toEqual(["a 429", "b 200"]);

    const reset = sim.accounts()[0]?.quota.find((window) => window.name === "fiveHour");
    expect(reset).toBeDefined();
    const until = pool.account("a").rateLimitedUntil ?? 0;
    advance(until - Date.now() - 60_000);
    for (let round = 0; round < 4; round += 1) {
      await read((await connector.handle(prompt("x", { sessionId: undefined as never })))._unsafeUnwrap());
    }
    expect(
      asked()
        .slice(2)
        .every((line) => line === "b 200"),
    ).toBe(true);

    sim.clearLog();
    advance(60_001);
    for (let round = 0; round < 2; round += 1) {
      await read((await connector.handle(prompt("x", { sessionId: undefined as never })))._unsafeUnwrap());
    }
    expect(asked()).toContain("a 200");
  });
});
