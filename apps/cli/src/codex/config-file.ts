import { failure } from "@open-multi-auth/domain";
import { err, type Result } from "neverthrow";
import { homedir } from "node:os";
import { join } from "node:path";
import type { ConfigFile, ConfigInvalid } from "../opencode/plan.ts";
import { readConfigs, type ConfigUnreadable } from "../opencode/read-configs.ts";
import type { TomlProblem } from "./edit-config.ts";

type Env = Readonly<Record<string, string | undefined>>;

/** Reads the Codex CLI's configuration, that is not there included. */
export async function readCodexConfig(
  env: Env,
): Promise<Result<ConfigFile, ConfigUnreadable | ConfigInvalid>> {
  const path = join(env["CODEX_HOME"] || join(env["HOME"] || homedir(), ".codex"), "config.toml");
  const read = await readConfigs([path]);
  return read.map(([file]) => file ?? { path, text: null });
}

/** Why a configuration stays as it is. */
export function invalid(path: string, { line, problem }: TomlProblem): Result<never, ConfigInvalid> {
  const where = line === undefined ? path : `${path}, line ${line}`;
  const fix =
    line === undefined
      ? "write the gateway into it yourself: `oma gateway --print-config codex` shows how; nothing was changed"
      : `repair line ${line} of ${path}, then run this again; nothing was changed`;
  const details = { path, fix, ...(line !== undefined && { line }) };
  return err(failure("CONFIG_INVALID", `${where}: ${problem}`, details));
}
