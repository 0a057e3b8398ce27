import type { Step } from "@open-multi-auth/upstream-sim";
import { describe, expect, it } from "vitest";

import { account, expectNothingLeft, hashOf, machine, measured, REFUSED_TO_ENDPOINT } from "./limits-rig.ts";
import type { Rig } from "./rig.ts";

describe("oma refresh --limits by the real Codex CLI, where the usage endpoint refuses", () => {
  it("LIM-20, LIM-26: reads without a model turn, leaves nothing behind and the person's own files alone", async () => {
    await using rig = await machine();
    const before = await hashOf(rig);
    rig.sim.drain("work", "fiveHour", 37);
    rig.sim.script("work", [REFUSED_TO_ENDPOINT], "usage");
    const { exitCode, stdout, stderr } = await rig.oma("refresh", "--limits");
    expect([exitCode, stderr]).toEqual([0, ""]);
    expect(stdout).toMatch(/^work has left: 5 h 63 %, week 100 %, measured \d s ago by the Codex CLI/);
    expect(await account(rig)).toMatchObject({
      limits: { fiveHour: { remaining: 63 }, source: { kind: "codex-app-server" } },
      limitStatus: "success",
    });
    expect(rig.requests()).toEqual([]);
    expect(await hashOf(rig)).toBe(before);
    await expectNothingLeft(rig);
  });

  it("LIM-19, LIM-07: a deactivated workspace: figures stay, the failure is told", async () => {
    await using rig = await machine();
    const figures = await measured(rig);
    const before = await hashOf(rig);
    const dead: Step<"usage"> = { kind: "deactivated-workspace", times: "always" };
    rig.sim.script("work", [REFUSED_TO_ENDPOINT, dead], "usage");
    const { exitCode, stderr } = await rig.oma("refresh", "--limits");
    expect(exitCode).toBe(1);
    expect(stderr).toContain(
      "Codex CLI (app-server): the upstream refused to tell the limits (402 deactivated_workspace)",
    );
    expect(await account(rig)).toMatchObject({
      limits: figures,
      limitsConfidence: "error",
      limitStatus: "error",
      lastLimitErrorAt: expect.stringMatching(/Z$/),
    });
    expect(await hashOf(rig)).toBe(before);
    await expectNothingLeft(rig);
  });

  it("LIM-19: a network that is down for it: figures stay, and no turn is tried", async () => {
    await using rig = await machine();
    const figures = await measured(rig);
    const before = await hashOf(rig);
    rig.sim.script("work", [{ ...REFUSED_TO_ENDPOINT, times: "always" }], "usage");
    const { exitCode, stderr } = await cutOff(rig).oma("refresh", "--limits");
    expect([exitCode, stderr]).toEqual([
      1,
      expect.stringContaining("the Codex CLI could not read the limits"),
    ]);
    expect(stderr).not.toContain("exec");
    expect(await account(rig)).toMatchObject({ limits: figures, limitsConfidence: "error" });
    expect(await hashOf(rig)).toBe(before);
    await expectNothingLeft(rig);
  });

  it("LIM-19: a login that cannot be renewed: figures stay, and the Codex CLI is not started", async () => {
    await using rig = await machine();
    const figures = await measured(rig);
    rig.sim.script("work", [{ kind: "refresh-revoked", times: "always" }], "token");
    rig.sim.script("work", [{ kind: "token-expired", times: "always" }], "usage");
    const { exitCode, stderr } = await rig.oma("refresh", "--limits");
    expect([exitCode, stderr]).toEqual([1, expect.not.stringContaining("Codex CLI")]);
    expect(await account(rig)).toMatchObject({ limits: figures, limitStatus: "error" });
  });

  it("says what to do where there is no Codex CLI", async () => {
    await using rig = await machine({ OPENCODE_MULTI_AUTH_CODEX_CLI_BIN: "/nowhere/codex" });
    rig.sim.script("work", [{ ...REFUSED_TO_ENDPOINT, times: "always" }], "usage");
    const { exitCode, stderr } = await rig.oma("refresh", "--limits");
    expect(exitCode).toBe(1);
    expect(stderr.match(/CODEX_CLI_BIN names no program: give it the absolute path/g)).toHaveLength(1);
  });
});

/** The same machine where only the usage endpoint can be reached. */
function cutOff(rig: Rig): Rig {
  Object.assign(rig.home.env, {
    OPENCODE_MULTI_AUTH_USAGE_BASE_URL: rig.sim.backendUrl,
    OPENCODE_MULTI_AUTH_UPSTREAM_URL: "http://127.0.0.1:9/backend-api",
  });
  return rig;
}
