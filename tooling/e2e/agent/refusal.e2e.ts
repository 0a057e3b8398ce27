import { describe, expect, it } from "vitest";
import { runOpenCode } from "../src/index.ts";
import { createRig } from "./rig.ts";

describe("the real OpenCode when no account can answer", () => {
  it("CON-20: stops at once with one readable line, whatever the aliases are", async () => {
    await using rig = await createRig({ accounts: [{ alias: "work-500" }, { alias: "rate-limit" }] });
    for (const alias of ["work-500", "rate-limit"]) rig.sim.drain(alias, "fiveHour");
    const run = await runOpenCode(rig.home, "say hello");

    expect(run).toMatchObject({ exitCode: 1, timedOut: false });
    const lines = run.stderr.split("\n").filter((line) => line.includes("No account can answer now"));
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatch(/account A \(usage limit reached\), account B \(usage limit reached\)/);
    expect(lines[0]).toMatch(/usable in about five hours/);
    // One try per account: OpenCode did not come back.
    expect(rig.requests().map(({ alias, status }) => [alias, status])).toEqual([
      ["work-500", 429],
      ["rate-limit", 429],
    ]);
    // A later process knows without asking the upstream.
    const later = await runOpenCode(rig.home, "say hello");
    expect(later).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining("No account can answer now"),
    });
    expect(rig.requests()).toHaveLength(2);

    const why = await rig.oma("why");
    expect(why.stdout).toContain("work-500");
    expect(why.stdout).toMatch(/quota-exhausted|cooling-down/);
  });

  it("CON-20: waits by itself and then succeeds where an account is back within a minute", async () => {
    await using rig = await createRig({ accounts: [{ alias: "work" }] });
    rig.sim.script("work", [{ kind: "burst", retryAfterSeconds: 2 }]);
    const run = await runOpenCode(rig.home, "say hello");
    expect(run).toMatchObject({ exitCode: 0, stdout: expect.stringContaining("work answered: say hello") });
    const [refused, answered] = rig.requests();
    expect([refused?.status, answered?.status]).toEqual([429, 200]);
    expect(Number(answered?.at) - Number(refused?.endedAt)).toBeGreaterThanOrEqual(2_000);
  });
});
