import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ROOT } from "./pack.ts";
import { REPORTS_VARIABLE } from "./outcomes/read-reports.ts";
import { runCommand, type Ended } from "./run-command.ts";
import type { Command } from "./stages.ts";

/** A copy of what is committed, with its tools installed, to break and to throw away. */
export interface Clone {
  readonly folder: string;
  /** Where tests that run in it report to. */
  readonly reports: string;
  /** Changes files by a diff; false where it does not fit. */
  readonly apply: (patch: string) => boolean;
  /** Takes back every change. */
  readonly restore: () => void;
  readonly run: (command: Command, reports?: string) => Promise<Ended>;
}

/** Lends a clone of the workspace, as of a commit, and removes it afterwards, also after Ctrl-C. */
export async function withClone<T>(use: (clone: Clone) => Promise<T>, commit = "HEAD"): Promise<T> {
  const parent = mkdtempSync(join(tmpdir(), "oma-clone-"));
  const remove = (): void => rmSync(parent, { recursive: true, force: true });
  const interrupted = (): never => {
    remove();
    process.exit(130);
  };
  process.once("SIGINT", interrupted);
  try {
    const clone = createClone(parent, commit);
    const { exitCode, excerpt } = await clone.run(INSTALL);
    if (exitCode !== 0) throw new Error(`${INSTALL.join(" ")} ended with ${exitCode}:\n${excerpt}`);
    return await use(clone);
  } finally {
    process.off("SIGINT", interrupted);
    remove();
  }
}

const INSTALL: Command = ["pnpm", "install", "--frozen-lockfile", "--prefer-offline"];
/** Builds what changed; turbo knows the rest. */
export const BUILD: Command = ["pnpm", "build", "--output-logs=errors-only"];

function createClone(parent: string, commit: string): Clone {
  const folder = join(parent, "workspace");
  const reports = join(parent, "reports");
  const git = (args: readonly string[], input?: string): number | null =>
    spawnSync("git", args, { cwd: input === undefined && args[0] === "clone" ? parent : folder, input })
      .status;
  if (git(["clone", "--quiet", "--shared", ROOT, folder]) !== 0) throw new Error(`${ROOT} cannot be cloned`);
  if (git(["checkout", "--quiet", "--detach", commit]) !== 0)
    throw new Error(`${commit} cannot be checked out`);
  // Builds that the workspace itself has made already need not be made again.
  const env = { TURBO_CACHE_DIR: join(ROOT, ".turbo/cache") };
  return {
    folder,
    reports,
    apply: (patch) => git(["apply", "--whitespace=nowarn"], patch) === 0,
    restore: () => {
      git(["checkout", "--quiet", "."]);
      git(["clean", "-fdq"]);
      rmSync(reports, { recursive: true, force: true });
    },
    run: (command, to = reports) => runCommand(command, folder, () => {}, { ...env, [REPORTS_VARIABLE]: to }),
  };
}
