import { boundedRun, type Run } from "./bounded-run.ts";
import type { CodexHome } from "./codex-home.ts";
import { findCodex } from "./find-codex.ts";
import { startProcessGroup, type ProcessGroup } from "./process-group.ts";

/** Limits and additions of one run. */
export interface CodexRunOptions {
  /** Wall-clock bound, then SIGINT and soon SIGKILL for the whole group; 60 s unless given. */
  readonly timeoutMs?: number;
  readonly env?: Readonly<Record<string, string>>;
}

/** Sends one prompt with `codex exec`; its events are lines of JSON on the standard output. */
export function promptCodex(home: CodexHome, prompt: string, options?: CodexRunOptions): Promise<Run> {
  return runCodex(home, ["exec", "--json", "--skip-git-repo-check", "-s", "read-only", prompt], options);
}

/** Runs the Codex CLI to its end. */
export function runCodex(
  home: CodexHome,
  args: readonly string[],
  options: CodexRunOptions = {},
): Promise<Run> {
  return boundedRun(() => startCodex(home, args, options), options.timeoutMs);
}

/** Starts the installed Codex CLI in `home`, in a process group of its own. */
export function startCodex(
  home: CodexHome,
  args: readonly string[],
  options: Pick<CodexRunOptions, "env"> = {},
): ProcessGroup {
  const binary = findCodex().match(
    (path) => path,
    (error) => {
      throw new Error(`${error.message} Looked for: ${error.details.looked}`);
    },
  );
  return startProcessGroup(binary, args, { cwd: home.work, env: { ...home.env, ...options.env } });
}
