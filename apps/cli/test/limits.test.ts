import { spawn } from "node:child_process";
import { once } from "node:events";
import { sessionId } from "@open-multi-auth/domain";
import { openPool, webResponse } from "@open-multi-auth/runtime-node";
import { startUpstreamSim, type UpstreamSim } from "@open-multi-auth/upstream-sim";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { buildProgram, createSandbox, type Sandbox } from "./sandbox.ts";

let program: Awaited<ReturnType<typeof buildProgram>>;
let box: Sandbox;
let sim: UpstreamSim;

beforeAll(async () => {
  program = await buildProgram();
});
afterAll(() => program.remove());
beforeEach(async () => {
  sim = await startUpstreamSim({ accounts: [{ alias: "work" }, { alias: "home", windows: ["weekly"] }] });
  box = await createSandbox(program.program);
  box.env["OPENCODE_MULTI_AUTH_AUTH_ISSUER_URL"] = sim.issuerUrl;
  box.env["OPENCODE_MULTI_AUTH_UPSTREAM_URL"] = sim.backendUrl;
  for (const alias of ["work", "home"]) await link(alias);
  sim.clearLog();
});
afterEach(async () => {
  await box.remove();
  await sim.close();
});

const views = async () => JSON.parse((await box.oma("status", "--json")).stdout).accounts;

describe("oma refresh --limits", () => {
  it("LIM-12, LIM-20: measures every account, weekly-only ones too; the view names time and source", async () => {
    sim.drain("work", "fiveHour", 37);
    sim.drain("work", "weekly", 12);
    sim.drain("home", "weekly", 64);
    const { code, stdout, stderr } = await box.oma("refresh", "--limits");
    expect([code, stderr]).toEqual([0, ""]);
    expect(stdout).toMatch(
      /^work has left: 5 h 63 %, week 88 %, measured \d s ago by the usage endpoint\nhome has left: 5 h none, week 36 %/,
    );
    expect(sim.log().map(({ endpoint }) => endpoint)).toEqual(["usage", "usage"]);
    expect(await views()).toMatchObject([
      {
        alias: "work",
        limits: {
          fiveHour: { remaining: 63, used: 37, windowMinutes: 300, resetAt: expect.stringMatching(/Z$/) },
          weekly: { remaining: 88 },
          source: { kind: "usage-endpoint" },
        },
        limitsConfidence: "fresh",
        limitStatus: "success",
        lastLimitProbeAt: expect.stringMatching(/Z$/),
      },
      { alias: "home", limits: { fiveHour: null, weekly: { remaining: 36 } } },
    ]);
  });

  it("LIM-07, LIM-19, LIM-20: a failure keeps the figures; status, doctor and the exit code say so", async () => {
    sim.drain("work", "fiveHour", 37);
    await box.oma("refresh", "work", "--limits");
    sim.script("work", [{ kind: "deactivated-workspace", times: "always" }], "usage");
    const { code, stdout, stderr } = await box.oma("refresh", "work", "--limits");
    expect([code, stdout]).toEqual([1, ""]);
    expect(stderr).toMatch(
      /^error LIMITS_NOT_MEASURED: work: usage endpoint: .*402 deactivated_workspace.*\nfix: try again/,
    );
    expect((await views())[0]).toMatchObject({
      limits: { fiveHour: { remaining: 63 } },
      limitsConfidence: "error",
      limitErrorSource: { kind: "usage-endpoint" },
    });
    const status = (await box.oma("status")).stdout;
    expect(status).toMatch(/63 % left, reset in (?:4 h 59 min|5 h)/);
    expect(status).toMatch(
      /limits +error, measured \d+ s ago by the usage endpoint\n +failed \d+ s ago: usage endpoint: /,
    );
    expect((await box.oma("doctor")).stdout).toMatch(
      /warn +limits work: failed \d+ s ago: usage endpoint: .*\n +fix: run `oma refresh work`/,
    );
  });

  it("LIM-20: `oma why` tells when and from where the figures of each candidate are, and what failed since", async () => {
    await box.oma("refresh", "work", "--limits");
    sim.script("work", [{ kind: "deactivated-workspace", times: "always" }], "usage");
    await box.oma("refresh", "work", "--limits");
    await sendPrompt();
    const { code, stdout } = await box.oma("why");
    expect(code).toBe(0);
    expect(stdout).toMatch(
      /limits by now\n +work +error, measured \d+ s ago by the usage endpoint\n +failed \d+ s ago: usage endpoint: .*402 deactivated_workspace.*\n +home +unknown, never measured\n/,
    );
  });

  it("LIM-11: without a success everything says unknown, never 0 %", async () => {
    sim.script("work", [{ kind: "server-error", times: "always" }], "usage");
    await box.oma("refresh", "work", "--limits");
    const [view] = await views();
    expect(view).toMatchObject({ limits: null, limitsConfidence: "unknown", limitStatus: "error" });
    for (const command of ["list", "status"]) {
      const { stdout } = await box.oma(command);
      expect(stdout).toContain("unknown");
      expect(stdout).not.toMatch(/\d %/);
    }
    expect((await box.oma("doctor")).stdout).toMatch(/limits work: failed .*\(500\).* \(never measured\)/);
  });

  it("with neither option does both, with both both", async () => {
    await box.oma("refresh", "work");
    await box.oma("refresh", "work", "--tokens", "--limits");
    expect(sim.log().map(({ endpoint }) => endpoint)).toEqual(["token", "usage", "token", "usage"]);
  });
});

describe("oma guard", () => {
  it("succeeds while one account has enough of every window, and measures what is not fresh", async () => {
    sim.drain("work", "fiveHour", 90);
    sim.drain("home", "weekly", 40);
    expect(await box.oma("guard", "--min-remaining", "50")).toEqual({
      code: 0,
      stdout: "home has 60 % left\n",
      stderr: "",
    });
    expect(sim.log().map(({ endpoint }) => endpoint)).toEqual(["usage", "usage"]);
    // Fresh by now: nobody is asked again.
    expect((await box.oma("guard", "work", "--min-remaining", "5")).stdout).toBe("work has 10 % left\n");
    expect(sim.log()).toHaveLength(2);
  });

  it("ends with 3 where too little is left, and with 1 where nobody knows", async () => {
    sim.drain("work", "fiveHour", 90);
    sim.drain("home", "weekly", 40);
    const low = await box.oma("guard", "--min-remaining", "61");
    expect([low.code, low.stdout]).toEqual([3, ""]);
    expect(low.stderr).toMatch(
      /^error LIMITS_TOO_LOW: no account has 61 % left; home has the most with 60 %\nfix: /,
    );
    const json = await box.oma("guard", "work", "--min-remaining", "20", "--json");
    expect([json.code, JSON.parse(json.stdout)]).toEqual([
      3,
      { minRemaining: 20, kind: "too-little", alias: "work", remaining: 10 },
    ]);
    await box.oma("disable", "home");
    await box.oma("disable", "work", "--allow-none");
    expect(await box.oma("guard", "--min-remaining", "1")).toMatchObject({ code: 3, stdout: "" });
  });

  it("LIM-11: does not take unknown for enough, nor for nothing", async () => {
    for (const alias of ["work", "home"])
      sim.script(alias, [{ kind: "server-error", times: "always" }], "usage");
    const { code, stderr } = await box.oma("guard", "--min-remaining", "0");
    expect(code).toBe(1);
    expect(stderr).toMatch(/^error LIMITS_UNKNOWN: /);
  });

  it("refuses a minimum that is none", async () => {
    for (const args of [
      [],
      ["--min-remaining", "lots"],
      ["--min-remaining", "101"],
      ["--min-remaining=-1"],
    ]) {
      const { code, stderr } = await box.oma("guard", ...args);
      expect([code, stderr]).toEqual([2, expect.stringMatching(/^error USAGE: .*--min-remaining/)]);
    }
  });

  it("names an alias that there is not", async () => {
    expect(await box.oma("guard", "nobody", "--min-remaining", "1")).toMatchObject({ code: 1, stdout: "" });
  });
});

describe("oma status --watch", () => {
  it("measures while it runs, prints a line for each change, and ends well with SIGTERM", async () => {
    sim.drain("work", "fiveHour", 37);
    const child = spawn(process.execPath, [program.program, "status", "--watch", "--json"], { env: box.env });
    const lines: { accounts: { alias: string; limitStatus: string; limits: unknown }[] }[] = [];
    let rest = "";
    child.stdout.on("data", (chunk: Buffer) => {
      const parts = (rest + chunk.toString()).split("\n");
      rest = parts.pop() ?? "";
      lines.push(...parts.map((line) => JSON.parse(line)));
    });
    await expect
      .poll(() => lines.at(-1)?.accounts.map(({ limitStatus }) => limitStatus), { timeout: 10_000 })
      .toEqual(["success", "success"]);
    expect(lines.some(({ accounts }) => accounts[0]?.limitStatus === "running")).toBe(true);
    expect(lines.at(-1)?.accounts[0]).toMatchObject({ limits: { fiveHour: { remaining: 63 } } });
    // What another process finds is seen, too.
    sim.drain("work", "fiveHour", 80);
    await box.oma("refresh", "work", "--limits");
    await expect
      .poll(() => lines.at(-1)?.accounts[0], { timeout: 10_000 })
      .toMatchObject({ limits: { fiveHour: { remaining: 20 } } });
    child.kill("SIGTERM");
    expect(await once(child, "exit")).toEqual([0, null]);
  });
});

async function link(alias: string): Promise<void> {
  const { accessToken, refreshToken, idToken } = sim.tokensOf(alias);
  const tokens = { access_token: accessToken, refresh_token: refreshToken, id_token: idToken };
  const file = await box.write(`${alias}.json`, { tokens });
  await box.oma("import", "--from", file, "--alias", alias);
}

/** One request through the pool, as an app makes it; it leaves a decision record. */
async function sendPrompt(): Promise<void> {
  const pool = (await openPool({ env: box.env }))._unsafeUnwrap();
  const serving = (await pool.serve())._unsafeUnwrap();
  const body = JSON.stringify({ model: "gpt-5.5", stream: true, store: false, input: [] });
  const headers = { "content-type": "application/json" };
  const request = { path: "/responses", method: "POST", headers, body, sessionId: sessionId("s") };
  const answer = (await serving.handle(request))._unsafeUnwrap();
  await webResponse(answer).text();
  (await pool.close())._unsafeUnwrap();
}
