import { constants } from "node:fs";
import { access, stat } from "node:fs/promises";
import { delimiter, isAbsolute, join } from "node:path";
import { ENVIRONMENT_PREFIX, failure } from "@open-multi-auth/domain";
import { err, ok, type Result } from "neverthrow";
import type { ProbeError } from "../errors.ts";

/** The process environment. */
export type Env = Readonly<Record<string, string | undefined>>;

const VARIABLES = [`${ENVIRONMENT_PREFIX}CODEX_CLI_BIN`, "CODEX_CLI_BIN"];
const FIX = `install it with \`npm install -g @openai/codex\`, or name its program in ${VARIABLES[0]}`;

/** The Codex CLI's program: the one that the environment names, else the first on `PATH`. */
export async function findCodex(env: Env, platform: string): Promise<Result<string, ProbeError>> {
  const variable = VARIABLES.find((name) => env[name]);
  const named = variable === undefined ? undefined : env[variable];
  if (variable !== undefined && named !== undefined) {
    if (isAbsolute(named) && (await isProgram(named))) return ok(named);
    return err(missing(`${variable} names no program`, `give it the absolute path of the Codex CLI`));
  }
  const file = platform === "win32" ? "codex.exe" : "codex";
  // What lies in the folder that a command happens to be run in is not for us to start.
  for (const folder of (env["PATH"] ?? "").split(delimiter).filter((entry) => isAbsolute(entry))) {
    const path = join(folder, file);
    if (await isProgram(path)) return ok(path);
  }
  return err(missing("the Codex CLI is not installed", FIX));
}

async function isProgram(path: string): Promise<boolean> {
  try {
    await access(path, constants.X_OK);
    return (await stat(path)).isFile();
  } catch {
    return false;
  }
}

const missing = (reason: string, fix: string): ProbeError =>
  failure("PROBE_SOURCE_UNAVAILABLE", `${reason}: ${fix}`, { reason, fix });
