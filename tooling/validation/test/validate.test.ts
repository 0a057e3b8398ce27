import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { epochMs } from "@open-multi-auth/domain";
import { describe, expect, it, onTestFinished } from "vitest";
import { fingerprints } from "../src/areas.ts";
import { admitLive, type LiveSurroundings } from "../src/live.ts";
import { LIVE } from "../src/live-stages.ts";
import { ROOT } from "../src/pack.ts";
import { runCommand } from "../src/run-command.ts";
import { scanFolder } from "../src/secrets/scan-files.ts";
import { MOCKED, type Command, type Stage } from "../src/stages.ts";
import { validate, type Surroundings } from "../src/validate.ts";

const CANARY = "rt_canary_0123456789";

describe("validate", () => {
  it("runs a stage only when the last is green, and stops with the command to go on with", async () => {
    const bench = createBench();
    const stages = [bench.stage("one"), bench.stage("two", 3), bench.stage("three")];
    const result = await validate({ mode: "mocked", spend: false }, stages, bench.around);
    expect(result._unsafeUnwrapErr()).toMatchObject({
      code: "STAGE_RED",
      details: { stage: "two", resume: "pnpm validate --mode mocked --from two" },
    });
    expect(bench.ran()).toEqual(["one", "two"]);
    expect(bench.evidence()).toEqual(["one/record.md", "run.json", "summary.md", "two/record.md"]);
    const summary = bench.read("summary.md");
    expect(summary).toContain("**RED in two**");
    expect(summary).toMatch(/^\| one +\| green /m);
    expect(summary).toMatch(/^\| two +\| RED /m);
    expect(summary).toMatch(/^\| three +\| not run /m);
    expect(bench.read("two/record.md")).toContain("Exit code 3");
  });

  it("goes on where it stopped, into the same evidence, and runs nothing twice", async () => {
    const bench = createBench();
    const broken = [bench.stage("one"), bench.stage("two", 1), bench.stage("three")];
    await validate({ mode: "mocked", spend: false }, broken, bench.around);
    const mended = [bench.stage("one"), bench.stage("two"), bench.stage("three")];
    const result = await validate({ mode: "mocked", from: "two", spend: false }, mended, bench.around);
    expect(result.isOk()).toBe(true);
    expect(bench.ran()).toEqual(["one", "two", "two", "three"]);
    expect(bench.read("summary.md")).toContain("**All stages are green**");
  });

  it.each([
    ["selection", "packages/scheduler/src/select.ts"],
    ["store", "packages/core-store/src/errors.ts"],
    ["API", "packages/loopback-api/src/api.ts"],
    ["limits", "packages/limits-probe/src/errors.ts"],
  ])("VAL-11: refuses to go on when the code of %s changed since", async (area, file) => {
    const bench = createBench();
    const broken = [bench.stage("one"), bench.stage("two", 1)];
    await validate({ mode: "mocked", spend: false }, broken, bench.around);
    bench.edit(file);
    const mended = [bench.stage("one"), bench.stage("two")];
    const result = await validate({ mode: "mocked", from: "two", spend: false }, mended, bench.around);
    expect(result._unsafeUnwrapErr()).toMatchObject({ code: "CANNOT_RESUME", details: { areas: [area] } });
    expect(bench.ran()).toEqual(["one", "two"]);
  });

  it("VAL-11: goes on when a test or other code changed", async () => {
    const bench = createBench();
    await validate(
      { mode: "mocked", spend: false },
      [bench.stage("one"), bench.stage("two", 1)],
      bench.around,
    );
    bench.edit("packages/scheduler/src/select.test.ts");
    bench.edit("apps/cli/src/run.ts");
    const mended = [bench.stage("one"), bench.stage("two")];
    const result = await validate({ mode: "mocked", from: "two", spend: false }, mended, bench.around);
    expect(result.isOk()).toBe(true);
  });

  it("VAL-11: refuses to begin in the middle where the stages before were never green", async () => {
    const bench = createBench();
    const stages = [bench.stage("one"), bench.stage("two"), bench.stage("three")];
    const never = await validate({ mode: "mocked", from: "two", spend: false }, stages, bench.around);
    expect(never._unsafeUnwrapErr().code).toBe("CANNOT_RESUME");
    await validate(
      { mode: "mocked", spend: false },
      [bench.stage("one", 1), ...stages.slice(1)],
      bench.around,
    );
    const red = await validate({ mode: "mocked", from: "two", spend: false }, stages, bench.around);
    expect(red._unsafeUnwrapErr().code).toBe("CANNOT_RESUME");
    const unknown = await validate({ mode: "mocked", from: "four", spend: false }, stages, bench.around);
    expect(unknown._unsafeUnwrapErr().message).toContain("one, two, three");
  });

  it("VAL-10: masks secrets in its evidence, and tells presence only of variables", async () => {
    const bench = createBench();
    const leaking: Stage = {
      name: "leaking",
      proves: "nothing",
      commands: [[process.execPath, "-e", `console.log('{"refresh_token":"${CANARY}"} Bearer ${CANARY}')`]],
    };
    await validate({ mode: "mocked", spend: false }, [leaking], bench.around);
    const all = bench.evidence().map(bench.read).join("\n");
    expect(all).toContain("[redacted]");
    expect(all).not.toContain(CANARY);
    expect(bench.read("summary.md")).toMatch(/PASSPHRASE \| present/);
    expect(scanFolder(bench.folder).places).toEqual([]);
  });
});

describe("live mode", () => {
  const account = { exitCode: 0, excerpt: '[{"alias":"work"}]' };
  const reachable: LiveSurroundings = {
    env: {},
    fetch: async () => ({}),
    run: async () => account,
    ask: async () => true,
  };

  it("says that nothing was tried where there is no network, no account or no consent", async () => {
    const offline = { ...reachable, fetch: () => Promise.reject(new Error("ENOTFOUND")) };
    const empty = { ...reachable, run: async () => ({ exitCode: 0, excerpt: "[]" }) };
    const unasked = { ...reachable, ask: async () => false };
    const reasons = [];
    for (const around of [offline, empty, unasked]) {
      const { code, details } = (await admitLive(false, around))._unsafeUnwrapErr();
      reasons.push([code, details.why]);
    }
    expect(reasons).toEqual([
      ["LIVE_NOT_RUN", "no-network"],
      ["LIVE_NOT_RUN", "no-account"],
      ["LIVE_NOT_RUN", "no-consent"],
    ]);
    expect((await admitLive(true, unasked)).isOk()).toBe(true);
  });

  it("ends with its own status, which is neither green nor red", () => {
    const { status, stderr } = runProgram(["--mode", "live"], {
      OPENCODE_MULTI_AUTH_UPSTREAM_URL: "http://127.0.0.1:9",
    });
    expect(stderr).toContain("LIVE_NOT_RUN: http://127.0.0.1:9 cannot be reached from here");
    expect(status).toBe(4);
  });
});

it("a stage that there is not is wrong usage", () => {
  const { status, stderr } = runProgram(["--from", "nowhere"]);
  expect(stderr).toMatch(/^error USAGE: --from must be one of static, unit, /);
  expect(status).toBe(2);
});

it("every stage calls scripts that there are", () => {
  const { scripts } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8"));
  const called = [...MOCKED, ...LIVE]
    .flatMap(({ commands }) => commands)
    .flatMap(([program, name = ""]) =>
      program === "pnpm" && !["install", "turbo", "vitest"].includes(name) ? name : [],
    );
  expect(called.length).toBeGreaterThan(5);
  expect(called.filter((name) => !(name in scripts))).toEqual([]);
});

/** Runs `pnpm validate`. */
function runProgram(args: readonly string[], env: Readonly<Record<string, string>> = {}) {
  const program = join(ROOT, "tooling/validation/src/main.ts");
  return spawnSync(process.execPath, ["--conditions=@open-multi-auth/source", program, ...args], {
    env: { ...process.env, ...env },
    encoding: "utf8",
  });
}

/** A workspace of its own with the guarded code, and stages that take a moment. */
function createBench() {
  const folder = mkdtempSync(join(tmpdir(), "oma-validate-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const workspace = join(folder, "workspace");
  for (const name of ["domain", "scheduler", "connector", "core-store", "loopback-api", "limits-probe"])
    cpSync(join(ROOT, "packages", name, "src"), join(workspace, "packages", name, "src"), {
      recursive: true,
    });
  const evidence = join(folder, "evidence");
  const log = join(folder, "log");
  let now = Date.UTC(2026, 0, 1);
  const around: Surroundings = {
    clock: { now: () => epochMs((now += 1_000)) },
    evidence,
    fingerprints: () => fingerprints(workspace),
    about: { commit: "abc" },
    environment: { OPENCODE_MULTI_AUTH_PASSPHRASE: "present", CI: "absent" },
    reports: join(folder, "reports"),
    run: (command: Command) => runCommand(command, folder, () => {}),
    print: () => {},
  };
  const newest = (): string => join(evidence, readdirSync(evidence).toSorted().at(-1) ?? "", "mocked");
  return {
    around,
    folder: evidence,
    stage: (name: string, exitCode = 0): Stage => ({
      name,
      proves: `${name} works`,
      commands: [
        [
          process.execPath,
          "-e",
          `fs.appendFileSync(${JSON.stringify(log)}, "${name}\\n"); process.exit(${exitCode})`,
        ],
      ],
    }),
    ran: () => readFileSync(log, "utf8").trim().split("\n"),
    read: (name: string) => readFileSync(join(newest(), name), "utf8"),
    evidence: () =>
      readdirSync(newest(), { recursive: true, encoding: "utf8" })
        .filter((name) => name.includes("."))
        .toSorted((a, b) => (a < b ? -1 : 1)),
    edit(file: string) {
      mkdirSync(join(workspace, file, ".."), { recursive: true });
      writeFileSync(join(workspace, file), "// changed\n");
    },
  };
}
