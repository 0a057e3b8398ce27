import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";

import type { Step } from "@open-multi-auth/upstream-sim";
import { describe, expect, it } from "vitest";

import { findCodex } from "../src/index.ts";
import { CLI_FILE, createRig, type Rig } from "./rig.ts";

/** Refused to the endpoint, with its own and with a renewed token. */
const REFUSED_TO_ENDPOINT: Step<"usage"> = { kind: "status", status: 403, times: 2 };

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

  it("LIM-09, LIM-19: a cut stream, a usage limit, an error: no figure moves, and the error is told", async () => {
    await using rig = await machine({ OPENCODE_MULTI_AUTH_LIMITS_PROBE_MODELS: "gpt-5.5" });
    const figures = await measured(rig);
    const before = await hashOf(rig);
    rig.sim.script("work", [REFUSED], "usage");
    for (const [step, words] of FAILURES) {
      rig.sim.script("work", [step]);
      await expectFailure(rig, figures, words);
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

  it("LIM-10: killed itself in the middle of the turn, it leaves no process, no file, and the figures", async () => {
    await using rig = await machine();
    const figures = await measured(rig);
    const before = await hashOf(rig);
    rig.sim.script("work", [REFUSED], "usage");
    rig.sim.script("work", [{ kind: "hang" }]);
    const { env, folders } = rig.home;
    const oma = spawn(process.execPath, [CLI_FILE, "refresh", "--limits"], { env, cwd: folders.work });
    await rig.sim.waitForLog((log) => log.some(({ endpoint }) => endpoint === "responses"));
    oma.kill("SIGKILL");
    await once(oma, "close");
    await expect.poll(() => processesIn(rig.folder), { timeout: 20_000 }).toEqual([]);
    expect(await account(rig)).toMatchObject({ limits: figures });
    expect(await hashOf(rig)).toBe(before);
    await expectNothingLeft(rig);
  });
});

const REFUSED: Step<"usage"> = { ...REFUSED_TO_ENDPOINT, times: "always" };

const FAILURES: readonly (readonly [step: Step<"responses">, words: string])[] = [
  [{ kind: "cut-stream", afterEvents: 3, times: "always" }, "it broke off"],
  [{ kind: "usage-limit", times: "always" }, "the account's usage limit is reached"],
  [{ kind: "deactivated-workspace", times: "always" }, "the workspace is deactivated"],
  [{ kind: "server-error", times: "always" }, "it broke off"],
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

/** Model and effort of every turn, in order. */
function asked(rig: Rig): string[] {
  return rig.requests().map(({ body }) => {
    const { model, reasoning } = body as { model: string; reasoning: { effort: string } };
    return `${model} ${reasoning.effort}`;
  });
}

/** A person's machine with one linked account, a Codex CLI of its own configuration, and no network. */
async function machine(env: Readonly<Record<string, string>> = {}): Promise<Rig> {
  const nowhere = "http://127.0.0.1:9";
  const rig = await createRig({
    accounts: [{ alias: "work" }],
    env: {
      CODEX_CLI_BIN: findCodex()._unsafeUnwrap(),
      HTTP_PROXY: nowhere,
      HTTPS_PROXY: nowhere,
      NO_PROXY: "127.0.0.1,localhost",
      ...env,
    },
  });
  const codexHome = join(rig.home.folders.home, ".codex");
  await mkdir(codexHome);
  await writeFile(join(codexHome, "config.toml"), 'model_reasoning_effort = "xhigh"\nmodel = "gpt-6-sol"\n');
  await writeFile(join(codexHome, "auth.json"), '{"OPENAI_API_KEY":"sk-of-the-person"}', { mode: 0o600 });
  rig.sim.clearLog();
  return rig;
}

/** The same machine where only the usage endpoint can be reached. */
function cutOff(rig: Rig): Rig {
  Object.assign(rig.home.env, {
    OPENCODE_MULTI_AUTH_USAGE_BASE_URL: rig.sim.backendUrl,
    OPENCODE_MULTI_AUTH_UPSTREAM_URL: "http://127.0.0.1:9/backend-api",
  });
  return rig;
}

/** The figures of a first, successful probe. */
async function measured(rig: Rig): Promise<unknown> {
  rig.sim.drain("work", "fiveHour", 37);
  expect((await rig.oma("refresh", "--limits")).exitCode).toBe(0);
  rig.sim.drain("work", "fiveHour", 80);
  return (await account(rig))["limits"];
}

async function account(rig: Rig): Promise<Record<string, unknown>> {
  const { stdout } = await rig.oma("status", "--json");
  const { accounts } = JSON.parse(stdout) as { accounts: Record<string, unknown>[] };
  return accounts[0]!;
}

async function hashOf({ home }: Rig): Promise<string> {
  const folder = join(home.folders.home, ".codex");
  const hash = createHash("sha256");
  for (const name of (await readdir(folder, { recursive: true })).toSorted()) {
    hash.update(`${name}\0`).update(await readFile(join(folder, name)));
  }
  return hash.digest("hex");
}

async function expectNothingLeft(rig: Rig): Promise<void> {
  expect(await readdir(join(rig.folder, "probe-homes"))).toEqual([]);
  expect(await processesIn(rig.folder)).toEqual([]);
}

/** Processes that were started with something below `folder`: runs have their home in the environment. */
async function processesIn(folder: string, argument = ""): Promise<string[]> {
  const ids = (await readdir("/proc")).filter((name) => /^\d+$/.test(name));
  const found = ids.map(async (id) => {
    const environment = await readFile(`/proc/${id}/environ`, "utf8").catch(() => "");
    const line = await readFile(`/proc/${id}/cmdline`, "utf8").catch(() => "");
    const isOne = environment.includes(join(folder, "probe-homes")) && line.includes(argument);
    return isOne ? [id] : [];
  });
  return (await Promise.all(found)).flat();
}
