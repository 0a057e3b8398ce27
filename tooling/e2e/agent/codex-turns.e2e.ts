import { spawn } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";

import type { Step } from "@open-multi-auth/upstream-sim";
import { describe, expect, it } from "vitest";

import {
  account,
  expectNothingLeft,
  hashOf,
  machine,
  measured,
  processesIn,
  REFUSED_TO_ENDPOINT,
} from "./limits-rig.ts";
import { CLI_FILE, type Rig } from "./rig.ts";

describe("oma refresh --limits by a model turn of the real Codex CLI, where nothing else tells", () => {
  it("LIM-17: the person's xhigh does not break it: one turn with low effort, labelled, nothing left behind", async () => {
    await using rig = await machine();
    const before = await hashOf(rig);
    rig.sim.drain("work", "fiveHour", 37);
    rig.sim.script("work", [REFUSED], "usage");
    const { exitCode, stdout, stderr } = await rig.oma("refresh", "--limits");
    expect([exitCode, stderr]).toEqual([0, ""]);
    expect(stdout).toMatch(/^work has left: 5 h 6[23] %, .* by the Codex CLI \(exec\) with gpt-5\.3-codex/);
    expect(await account(rig)).toMatchObject({
      limits: {
        source: { kind: "codex-exec", model: "gpt-5.3-codex", file: expect.stringMatching(/^rollout-/) },
      },
      limitStatus: "success",
    });
    expect(asked(rig)).toEqual(["gpt-5.3-codex low"]);
    expect(await hashOf(rig)).toBe(before);
    await expectNothingLeft(rig);
  });

  it("LIM-18: an effort that is not supported is asked once with low, then comes the next model, and it is remembered", async () => {
    await using rig = await machine({
      OPENCODE_MULTI_AUTH_PROBE_EFFORT: "xhigh",
      OPENCODE_MULTI_AUTH_LIMITS_PROBE_MODELS: "model-a,model-b,model-c",
    });
    rig.sim.script("work", [REFUSED], "usage");
    rig.sim.script("work", [
      { kind: "effort-refused", models: ["model-a"], times: "always" },
      { kind: "model-unsupported", models: ["model-b"], times: "always" },
      { kind: "effort-refused", models: ["model-c"] },
    ]);
    expect((await rig.oma("refresh", "--limits")).exitCode).toBe(0);
    const turns = ["model-a xhigh", "model-a low", "model-b xhigh", "model-c xhigh", "model-c low"];
    expect(asked(rig)).toEqual(turns);
    expect((await rig.oma("refresh", "--limits")).exitCode).toBe(0);
    expect(asked(rig)).toEqual([...turns, "model-c xhigh"]);
    expect(await account(rig)).toMatchObject({ limits: { source: { model: "model-c" } } });
  });

  it("VAL-02, LIM-02, LIM-09, LIM-19: a cut stream, a usage limit, an error, no network: no figure moves, and the error is told", async () => {
    await using rig = await machine({ OPENCODE_MULTI_AUTH_LIMITS_PROBE_MODELS: "gpt-5.5" });
    const figures = await measured(rig);
    const before = await hashOf(rig);
    rig.sim.script("work", [REFUSED], "usage");
    for (const [steps, words, turns] of FAILURES) {
      rig.sim.clearLog();
      rig.sim.script("work", steps);
      await expectFailure(rig, figures, words);
      expect(asked(rig)).toHaveLength(turns);
    }
    expect(await hashOf(rig)).toBe(before);
    await expectNothingLeft(rig);
  });

  it("LIM-10: SIGTERM and SIGINT in the middle of the turn: no figure moves", async () => {
    await using rig = await machine({ OPENCODE_MULTI_AUTH_LIMITS_PROBE_MODELS: "gpt-5.5" });
    const figures = await measured(rig);
    const before = await hashOf(rig);
    rig.sim.script("work", [REFUSED], "usage");
    for (const signal of ["SIGTERM", "SIGINT"] as const) {
      rig.sim.clearLog();
      rig.sim.script("work", [{ kind: "hang" }]);
      const failed = expectFailure(rig, figures, "it was ended before its time");
      await rig.sim.waitForLog((log) => log.some(({ endpoint }) => endpoint === "responses"));
      for (const id of await processesIn(rig.folder, "exec")) process.kill(Number(id), signal);
      await failed;
    }
    expect(await hashOf(rig)).toBe(before);
    await expectNothingLeft(rig);
  });

  it.each(["SIGTERM", "SIGINT"] as const)(
    "LIM-10: %s to itself in the middle of the turn: it stops all, says so, and leaves the figures",
    async (signal) => {
      await using rig = await machine();
      const figures = await measured(rig);
      const before = await hashOf(rig);
      const { oma, stderr } = await interruptible(rig);
      oma.kill(signal);
      expect(await once(oma, "close")).toEqual([1, null]);
      expect(await stderr).toMatch(/^error LIMITS_NOT_MEASURED: work: it was stopped\nfix: /);
      await expectNothingLeft(rig);
      expect(await account(rig)).toMatchObject({ limits: figures, limitStatus: "stopped" });
      expect(await hashOf(rig)).toBe(before);
    },
  );

  it("LIM-10: killed itself in the middle of the turn, it leaves no process, no file, and the figures", async () => {
    await using rig = await machine();
    const figures = await measured(rig);
    const before = await hashOf(rig);
    const { oma } = await interruptible(rig);
    oma.kill("SIGKILL");
    await once(oma, "close");
    await expect.poll(() => processesIn(rig.folder), { timeout: 20_000 }).toEqual([]);
    expect(await account(rig)).toMatchObject({ limits: figures });
    expect(await hashOf(rig)).toBe(before);
    await expectNothingLeft(rig);
  });
});

const REFUSED: Step<"usage"> = { ...REFUSED_TO_ENDPOINT, times: "always" };

/** What the upstream does, what is said of it, and how many requests of the turn it sees. */
const FAILURES: readonly (readonly [steps: Step<"responses">[], words: string, requests: number])[] = [
  [[{ kind: "cut-stream", afterEvents: 3, times: "always" }], "it broke off", 1],
  [[{ kind: "usage-limit", times: "always" }], "the account's usage limit is reached", 1],
  [[{ kind: "deactivated-workspace", times: "always" }], "the workspace is deactivated", 1],
  [[{ kind: "server-error", times: "always" }], "it broke off", 1],
  [
    [
      { kind: "tool-call", name: "exec_command", arguments: { cmd: "true" } },
      { kind: "status", status: 400, times: "always" },
    ],
    "it broke off",
    2,
  ],
  // The network goes down once the free sources have been asked.
  [[{ kind: "reset", times: "always" }], "it broke off", 1],
];

async function expectFailure(rig: Rig, figures: unknown, words: string): Promise<void> {
  const { exitCode, stderr } = await rig.oma("refresh", "--limits");
  expect([exitCode, stderr]).toEqual([1, expect.stringContaining(words)]);
  expect(await account(rig)).toMatchObject({
    limits: figures,
    limitsConfidence: "error",
    limitError: expect.stringContaining(words),
    limitErrorSource: { kind: "codex-exec", model: "gpt-5.5" },
    lastLimitErrorAt: expect.stringMatching(/Z$/),
  });
}

/** `oma refresh --limits` in the middle of a model turn that never ends. */
async function interruptible(rig: Rig) {
  rig.sim.script("work", [REFUSED], "usage");
  rig.sim.script("work", [{ kind: "hang" }]);
  const { env, folders } = rig.home;
  const oma = spawn(process.execPath, [CLI_FILE, "refresh", "--limits"], { env, cwd: folders.work });
  const stderr = text(oma.stderr);
  await rig.sim.waitForLog((log) => log.some(({ endpoint }) => endpoint === "responses"));
  return { oma, stderr };
}

/** Model and effort of every turn, in order. */
function asked(rig: Rig): string[] {
  return rig.requests().map(({ body }) => {
    const { model, reasoning } = body as { model: string; reasoning: { effort: string } };
    return `${model} ${reasoning.effort}`;
  });
}
