import { homedir } from "node:os";
import { dirname, join } from "node:path";
import type { Environment } from "@open-multi-auth/domain";

/** Where the pool keeps what. */
export interface PoolPaths {
  /** Folder of the store; 0700. */
  readonly folder: string;
  readonly storeFile: string;
  /** Decision records, JSON lines. */
  readonly decisions: string;
  /** What the pool did, for people: rollups, incidents, what they were told. */
  readonly activity: string;
  /** The Codex CLI's own login. */
  readonly codexAuthFile: string;
  /** OpenCode's own logins. */
  readonly openCodeAuthFile: string;
}

/**
 * Resolves every path from the environment: our variables first, then the XDG folders, then the home folder.
 *
 * @param env the process environment
 * @param environment our variables in it, parsed
 */
export function poolPaths(
  env: Readonly<Record<string, string | undefined>>,
  environment: Environment,
): PoolPaths {
  const { values } = environment;
  const home = env["HOME"] || homedir();
  const data = env["XDG_DATA_HOME"] || join(home, ".local", "share");
  const folder =
    values.STORE_DIR ??
    (values.STORE_FILE === undefined ? join(data, "open-multi-auth") : dirname(values.STORE_FILE));
  return {
    folder,
    storeFile: values.STORE_FILE ?? join(folder, "store.json"),
    decisions: join(folder, "decisions"),
    activity: join(folder, "activity"),
    codexAuthFile: values.CODEX_AUTH_FILE ?? join(env["CODEX_HOME"] || join(home, ".codex"), "auth.json"),
    openCodeAuthFile: join(data, "opencode", "auth.json"),
  };
}
