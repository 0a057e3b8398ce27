import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { chmod, stat } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { promisify } from "node:util";
import { epochMs, parseEnvironment, type DecisionRecord } from "@open-multi-auth/domain";
import { openPool, poolPaths } from "@open-multi-auth/runtime-node";
import { createJsonLines } from "@open-multi-auth/core-store/node";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { run } from "../src/run.ts";
import { fakeContext } from "../src/testing.ts";
import { VERSION } from "../src/version.ts";
import { buildProgram, codexAuth, createSandbox, type Sandbox } from "./sandbox.ts";

const FOLDER = ".local/share/open-multi-auth";
let program: Awaited<ReturnType<typeof buildProgram>>;
let box: Sandbox;

beforeAll(async () => {
  program = await buildProgram();
});
afterAll(() => program.remove());
beforeEach(async () => {
  box = await createSandbox(program.program);
});
afterEach(() => box.remove());

describe("the program", () => {
  it("runs by its own name, and tells its version without touching anything", async () => {
    const { stdout } = await promisify(execFile)(program.program, ["--version"], {
      env: { ...box.env, PATH: process.env["PATH"] ?? "" },
    });
    expect(stdout).toBe(`${VERSION}\n`);
    expect(box.has(".local")).toBe(false);
  });

  it("runs on the person's own Node.js, which may be the oldest that we support", async () => {
    const own = await createSandbox(program.program, systemNode());
    try {
      await own.write(".codex/auth.json", codexAuth("ann"));
      expect((await own.oma("import")).stdout).toContain("is linked");
      expect((await own.oma("list")).stdout).toMatch(/^ann .* ready$/m);
      expect(await own.oma("install")).toMatchObject({ code: 0, stderr: "" });
      expect(await own.oma("uninstall")).toMatchObject({ code: 0, stderr: "" });
      expect(own.has(".config")).toBe(false);
    } finally {
      await own.remove();
    }
  });

  it("ends quietly when its reader has gone", async () => {
    const child = spawn(process.execPath, [program.program, "--help"], { env: box.env });
    // Long before the program is up: its first line meets a closed pipe.
    child.stdout.destroy();
    let stderr = "";
    child.stderr.on("data", (chunk) => (stderr += String(chunk)));
    const [code] = await once(child, "close");
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  });

  it("stops with 2 on an invalid variable before it touches the store", async () => {
    box.env["OPENCODE_MULTI_AUTH_STORE_DIR"] = "relative/path";
    const stopped = await box.oma("list");
    expect(stopped).toMatchObject({ code: 2, stdout: "" });
    expect(stopped.stderr).toMatch(
      /^error ENVIRONMENT_INVALID: OPENCODE_MULTI_AUTH_STORE_DIR must be .*\nfix: /,
    );
    expect(box.has("relative")).toBe(false);
  });

  it("stops with 2 on a home folder that depends on where it is called", async () => {
    box.env["HOME"] = "relative";
    const stopped = await box.oma("list");
    expect(stopped).toMatchObject({ code: 2, stdout: "" });
    expect(stopped.stderr).toMatch(/^error ENVIRONMENT_INVALID: HOME must be an absolute path\nfix: /);
    expect(box.has("relative")).toBe(false);
  });
});

describe("oma remove on a terminal", () => {
  it("ACC-13: asks, and removes only after a yes", async () => {
    await box.write(".codex/auth.json", codexAuth("ann"));
    await box.oma("import");
    const asked: string[] = [];
    const answering = (answer: boolean) =>
      fakeContext({
        env: box.env,
        interactive: true,
        ask: async (question) => {
          asked.push(question);
          return answer;
        },
      });
    expect(await run(["remove", "ann"], answering(false))).toBe(1);
    expect(Object.keys(await box.accounts())).toEqual(["ann"]);
    expect(await run(["remove", "ann"], answering(true))).toBe(0);
    expect(await box.accounts()).toEqual({});
    expect(await run(["remove", "ann"], answering(true))).toBe(1);
    expect(asked).toHaveLength(2);
  });
});

describe("oma why", () => {
  it("explains the newest request, or the one that is named, as text and as JSON", async () => {
    expect(await box.oma("why")).toMatchObject({
      code: 1,
      stderr: expect.stringContaining("no request was made"),
    });
    await recordDecisions(box, ["r-old", "r-new"]);
    const { stdout } = await box.oma("why");
    expect(stdout).toMatch(/^request r-new\n/);
    expect(stdout).toContain("ann  not eligible  cooling-down");
    expect((await box.oma("why", "r-old")).stdout).toMatch(/^request r-old\n/);
    expect(JSON.parse((await box.oma("why", "r-old", "--json")).stdout)).toMatchObject({
      requestId: "r-old",
    });
    const unknown = await box.oma("why", "r-none");
    expect(unknown).toMatchObject({ code: 1, stderr: expect.stringContaining("error DECISION_NOT_FOUND") });
  });
});

describe("oma doctor", () => {
  it("passes where an account can serve, and warns of what is missing", async () => {
    await box.write(".codex/auth.json", codexAuth("ann"));
    await box.oma("import");
    const ended = await box.oma("doctor");
    expect(ended).toMatchObject({ code: 0, stderr: "" });
    expect(ended.stdout).toMatch(/^ok {4}accounts: 1 of 1 can serve now$/m);
    expect(ended.stdout).toMatch(/^warn {2}plugin: there is no `opencode` on the PATH\n {6}fix: /m);
  });

  it("fails where no account can serve", async () => {
    await box.write(".codex/auth.json", codexAuth("ann"));
    await box.oma("import");
    await box.oma("disable", "ann", "--allow-none");
    expect(await doctor("accounts")).toMatchObject({
      code: 1,
      status: "fail",
      fix: "see `oma status` for why",
    });
  });

  it("warns of a variable with our prefix that nothing reads", async () => {
    box.env["OPENCODE_MULTI_AUTH_STORE_DRI"] = "/nowhere";
    expect(await doctor("environment")).toMatchObject({
      status: "warn",
      message: expect.stringContaining("not used by this version: OPENCODE_MULTI_AUTH_STORE_DRI"),
    });
  });

  it("tells of a store that was not valid, and keeps the evidence", async () => {
    await box.write(".codex/auth.json", codexAuth("ann"));
    await box.oma("import");
    await box.write(`${FOLDER}/store.json`, "{ half a st");
    const told = await doctor("store");
    expect(told).toMatchObject({ status: "warn", message: expect.stringContaining("was not valid") });
    const [, evidence = ""] = /kept as (\S+)/.exec(told.message) ?? [];
    expect((await stat(evidence)).size).toBe("{ half a st".length);
    expect(Object.keys(await box.accounts())).toEqual(["ann"]);
  });

  it("tells of a store that it must not touch, and of accounts set aside", async () => {
    await box.write(`${FOLDER}/store.json`, { version: 99 });
    await chmod(box.path(FOLDER), 0o700);
    expect(await doctor("store")).toMatchObject({ code: 1, status: "fail", fix: expect.any(String) });
    expect(await box.read(`${FOLDER}/store.json`)).toContain("99");
    const listed = await box.oma("list");
    expect(listed).toMatchObject({ code: 1, stdout: "" });
    expect(listed.stderr).toMatch(/^error STORE_UNSUPPORTED: .*\nfix: /);
  });

  it("tells of a broken account that was set aside; the others stay", async () => {
    await box.write(".codex/auth.json", codexAuth("ann"));
    await box.oma("import");
    const store = JSON.parse(await box.read(`${FOLDER}/store.json`));
    const bob = { ...store.accounts.ann, alias: "bob", id: "id-bob", expiresAt: "soon" };
    await box.write(`${FOLDER}/store.json`, { ...store, accounts: { ...store.accounts, bob } });
    const listed = await box.oma("list");
    expect(listed).toMatchObject({ code: 0, stdout: expect.stringMatching(/^ann /m) });
    expect(listed.stderr).toMatch(/account "bob" .*moved to .*expiresAt must be a number/);
    expect(await doctor("quarantine")).toMatchObject({ code: 0, status: "warn" });
  });
});

async function doctor(name: string) {
  const { code, stdout } = await box.oma("doctor", "--json");
  const { checks } = JSON.parse(stdout) as { checks: { name: string; message: string }[] };
  return { code, message: "", ...checks.find((check) => check.name === name) };
}

/** The `node` that the person would get: not one that the workspace has installed. */
function systemNode(): string {
  const folders = (process.env["PATH"] ?? "")
    .split(delimiter)
    .filter((folder) => !folder.includes("node_modules"));
  return folders.map((folder) => join(folder, "node")).find((path) => existsSync(path)) ?? process.execPath;
}

async function recordDecisions(sandbox: Sandbox, ids: readonly string[]): Promise<void> {
  const { decisions } = poolPaths(sandbox.env, parseEnvironment(sandbox.env));
  const clock = { now: () => epochMs(Date.now()) };
  (await openPool({ env: sandbox.env }).andThen((pool) => pool.close()))._unsafeUnwrap();
  const lines = createJsonLines({ folder: decisions, name: "decisions", maxBytes: 1e6, maxFiles: 2, clock });
  for (const requestId of ids) {
    const record: DecisionRecord = {
      requestId,
      at: clock.now(),
      strategy: "round-robin",
      selectedAlias: "bob",
      why: "strategy",
      fallbackReason: null,
      forceState: { active: false },
      enabledState: { enabled: 2, disabled: 0 },
      candidates: [
        { alias: "ann", eligible: false, reason: "cooling-down" },
        { alias: "bob", eligible: true },
      ],
      attempts: [{ alias: "bob", verdict: "served", status: 200, ms: 10 }],
      outcome: "served",
      firstByteMs: 12,
      totalMs: 20,
      replay: { now: clock.now() },
    };
    lines.append(record);
  }
  (await lines.close())._unsafeUnwrap();
}
