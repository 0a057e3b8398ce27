import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { findOpenCode } from "../src/index.ts";
import { isWithin, type Touch } from "../src/traced/touches.ts";
import { tracedRun, type TracedRun } from "../src/traced/traced-run.ts";
import { CLI_FILE, createRig, type Rig } from "./rig.ts";

const ROOT = fileURLToPath(new URL("../../../", import.meta.url));
/** Read by every program of the system, and written by none of ours. */
const SYSTEM = [
  "/usr",
  "/lib",
  "/lib64",
  "/bin",
  "/etc",
  "/proc",
  "/sys",
  "/dev",
  "/run/WSL",
  // OpenCode's own files are in its program; its TLS looks for certificates where other systems have them.
  "/$bunfs",
  "/var/ssl",
  "/System",
];
/** The programs themselves. */
const PROGRAMS = [join(ROOT, "apps"), join(ROOT, "node_modules"), dirname(process.execPath)];
const DEVICES: ReadonlySet<string> = new Set([
  "/dev/null",
  "/dev/tty",
  "/sys/kernel/debug/tracing/trace_marker",
]);

/** What the sandbox's programs touched outside of it. */
function outside(touches: readonly Touch[], inside: readonly string[]): string[] {
  // On the way to a file its folders are looked at, and looked through for a project's files.
  const ways = [...inside, ...PROGRAMS].flatMap(ancestors);
  const strange = touches.filter(({ path, isWrite }) => {
    if (isWithin(path, inside)) return false;
    return isWrite
      ? !DEVICES.has(path)
      : !isWithin(path, [...SYSTEM, ...PROGRAMS]) && !ways.some((way) => path === way || isLookup(path, way));
  });
  return [...new Set(strange.map(({ path, isWrite }) => `${isWrite ? "writes" : "reads"} ${path}`))];
}

function ancestors(path: string): string[] {
  const parent = dirname(path);
  return parent === path ? [path] : [parent, ...ancestors(parent)];
}

const OF_A_PROJECT = ["package.json", "tsconfig.json", ".opencode", ".git", ".jj", ".ignore", ".gitignore"];

/** Whether it is asked if a project begins in this folder. */
const isLookup = (path: string, folder: string): boolean =>
  [...OF_A_PROJECT, ".git/info/exclude"].some((name) => path === join(folder, name));

const oma = (rig: Rig, ...args: string[]): Promise<TracedRun> =>
  tracedRun(process.execPath, [CLI_FILE, ...args], { cwd: rig.home.folders.work, env: rig.home.env });

describe("in a sandbox", () => {
  it("VAL-08: oma reads and writes nothing outside its HOME, store and auth file", async () => {
    await using rig = await createRig({ accounts: [{ alias: "work" }, { alias: "home" }] });
    const commands = [
      ["status"],
      ["doctor"],
      ["refresh", "--tokens"],
      ["refresh", "--limits"],
      ["settings", "set", "criticalThreshold=5"],
      ["force", "work"],
      ["switch", "work", "--replace"],
      ["export", "backup.json", "--plain"],
      ["restore"],
      ["install", "--dry-run"],
      ["why"],
      ["metrics"],
      ["disable", "home"],
      ["remove", "home", "--yes"],
    ];
    const seen: Record<string, string[]> = {};
    let writes = 0;
    for (const command of commands) {
      const run = await oma(rig, ...command);
      expect(run.touches.length, `${command.join(" ")}: ${run.stderr}`).toBeGreaterThan(50);
      writes += run.touches.filter(({ isWrite }) => isWrite).length;
      const strange = outside(run.touches, [rig.home.folders.home]);
      if (strange.length > 0) seen[command.join(" ")] = strange;
    }
    expect(seen).toEqual({});
    expect(writes).toBeGreaterThan(50);
  });

  it.each([["gateway"], ["dashboard", "--no-open"]])(
    "VAL-08: oma %s, a server, reads and writes nothing outside from its start to its end",
    async (...command) => {
      await using rig = await createRig({ accounts: [{ alias: "work" }] });
      const { env, folders } = rig.home;
      const args = [CLI_FILE, ...command, "--port", "0"];
      const run = await tracedRun(
        process.execPath,
        args,
        { cwd: folders.work, env },
        /http:\/\/127\.0\.0\.1:\d+/,
      );
      expect(run.timedOut).toBe(false);
      expect(run.touches.length).toBeGreaterThan(50);
      expect(outside(run.touches, [folders.home])).toEqual([]);
    },
  );

  it("VAL-08: a file outside is noticed, and an auth file that is named counts as inside", async () => {
    await using rig = await createRig({ accounts: [{ alias: "work" }] });
    await using other = await createRig();
    const elsewhere = join(other.home.folders.home, "elsewhere");
    await mkdir(elsewhere);
    const file = join(elsewhere, "auth.json");
    await writeFile(file, "{}");
    const env = { ...rig.home.env, OPENCODE_MULTI_AUTH_CODEX_AUTH_FILE: file };
    const { folders } = rig.home;
    const run = await tracedRun(process.execPath, [CLI_FILE, "switch", "work", "--replace"], {
      cwd: folders.work,
      env,
    });
    expect(outside(run.touches, [folders.home])).toContain(`reads ${file}`);
    expect(outside(run.touches, [folders.home]).some((touch) => touch.startsWith("writes "))).toBe(true);
    expect(outside(run.touches, [folders.home, elsewhere])).toEqual([]);
  });

  it("VAL-08: the plugin in the real OpenCode reads and writes nothing outside, also when it fails over and renews", async () => {
    await using rig = await createRig({ accounts: [{ alias: "work" }, { alias: "home" }] });
    rig.sim.script("work", [{ kind: "usage-limit", times: "always" }]);
    rig.sim.expireAccessToken("home");
    const { env, folders } = rig.home;
    const program = findOpenCode()._unsafeUnwrap();
    const prompt = ["run", "--title", "e2e", "--", "say", "hello"];
    const run = await tracedRun(program, prompt, { cwd: folders.work, env });
    expect(run.stdout + run.stderr).toContain("home answered: say hello");
    expect(run.touches.some(({ path, isWrite }) => isWrite && isWithin(path, [rig.folder]))).toBe(true);
    expect(outside(run.touches, [folders.home])).toEqual([]);
  });
});
