import { spawnSync } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { boundedRun, type Run } from "../bounded-run.ts";
import { startProcessGroup } from "../process-group.ts";
import { touchesIn, type Touch } from "./touches.ts";

/** A run, and every path that it or anything it started touched. */
export interface TracedRun extends Run {
  readonly touches: readonly Touch[];
}

const TRACE = ["-f", "-y", "-qq", "--seccomp-bpf", "-s", "4096", "-e", "trace=%file"];

/** Runs a program under `strace`; with `until`, it is asked to end once it has printed that. */
export async function tracedRun(
  file: string,
  args: readonly string[],
  where: { readonly cwd: string; readonly env: Readonly<Record<string, string>> },
  until?: RegExp,
): Promise<TracedRun> {
  const folder = await mkdtemp(join(tmpdir(), "oma-trace-"));
  const trace = join(folder, "trace");
  try {
    const run = await boundedRun(() => {
      const group = startProcessGroup(strace(), [...TRACE, "-o", trace, file, ...args], where);
      let printed = "";
      group.child.stdout?.on("data", (text: Buffer) => {
        printed += text.toString();
        if (until?.test(printed) === true) void group.stop("SIGINT", 10_000);
      });
      return group;
    }, 120_000);
    return { ...run, touches: touchesIn(await readFile(trace, "utf8"), where.cwd) };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The `strace` of the machine; on a Debian where we are root it is fetched once. */
function strace(): string {
  if (!canTrace() && process.getuid?.() === 0) {
    spawnSync("apt-get", ["update", "-qq"]);
    spawnSync("apt-get", ["install", "-y", "-qq", "strace"]);
  }
  if (!canTrace())
    throw new Error("strace is missing, or may not trace here: install it (Linux) and run this again");
  return "strace";
}

const canTrace = (): boolean => spawnSync("strace", ["-f", "-o", "/dev/null", "true"]).status === 0;
