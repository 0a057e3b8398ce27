import { boundedRun, type Run } from "./bounded-run.ts";
import { findOpenCode } from "./find-opencode.ts";
import type { OpenCodeHome } from "./home.ts";
import { startProcessGroup, type ProcessGroup } from "./process-group.ts";

/** Limits and additions of one run. */
export interface RunOptions {
  /** Wall-clock bound, then SIGINT and soon SIGKILL for the whole group; 60 s unless given. */
  readonly timeoutMs?: number;
  readonly env?: Readonly<Record<string, string>>;
  /** Where it starts; the home's `work` folder unless given. */
  readonly cwd?: string;
}

/**
 * Runs OpenCode to its end.
 *
 * @param what Arguments, or a prompt: that becomes `opencode run` with a title of its own, so that the prompt is
 *   the only thing the model is asked.
 */
export async function runOpenCode(
  home: OpenCodeHome,
  what: readonly string[] | string,
  options: RunOptions = {},
): Promise<Run> {
  const args = typeof what === "string" ? promptArguments(what) : what;
  return boundedRun(() => startOpenCode(home, args, options), options.timeoutMs);
}

/** Starts the installed OpenCode in `home`, in a process group of its own. */
export function startOpenCode(
  home: OpenCodeHome,
  args: readonly string[],
  options: RunOptions,
): ProcessGroup {
  const binary = findOpenCode().match(
    (path) => path,
    (error) => {
      throw new Error(`${error.message} Looked for: ${error.details.looked.join(", ")}`);
    },
  );
  return startProcessGroup(binary, args, {
    cwd: options.cwd ?? home.folders.work,
    env: { ...home.env, ...options.env },
  });
}

/** `opencode run` puts quotes around an argument with spaces in it, so every word is one. */
function promptArguments(prompt: string): readonly string[] {
  return ["run", "--title", "e2e", "--", ...prompt.split(" ")];
}
