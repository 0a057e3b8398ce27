import type { Actor, Failure, RuntimeSettings } from "@open-multi-auth/domain";
import {
  openPool,
  poolSeries,
  systemKeys,
  systemTimers,
  systemUser,
  type Pool,
  type ServingPool,
} from "@open-multi-auth/runtime-node";
import { openLimits } from "@open-multi-auth/runtime-node/limits";
import { err, type Result } from "neverthrow";
import { freshLimits } from "./fresh-limits.ts";

/** The pool of this OpenCode process, ready to answer. */
export interface Host {
  readonly pool: Pool;
  readonly serving: ServingPool;
  /** Told of each request. */
  readonly limits: ReturnType<typeof freshLimits>;
  /** Ends the hourly rollups. */
  readonly endSeries: () => void;
}

type Opening = Promise<Result<Host, Failure>>;

/** OpenCode calls `server` once per project and again after a reload, in one process: the pool is opened once. */
const hosts = new Map<string, { readonly opening: Opening; users: number }>();

/** A key is made once for all pools of this process. */
let keys: ReturnType<typeof systemKeys> | undefined;

/**
 * The pool for these settings, opened on first use and kept for the life of the process, or until all who asked for it have
 * released it.
 *
 * @param runtime the project's settings; projects with the same ones share a pool
 */
export function poolHost(
  runtime: RuntimeSettings,
  env: Readonly<Record<string, string | undefined>>,
  onProblem: (problem: Failure) => void,
): Opening {
  const key = JSON.stringify(runtime);
  const known = hosts.get(key);
  if (known) {
    known.users += 1;
    return known.opening;
  }
  const opening = open(runtime, env, onProblem);
  hosts.set(key, { opening, users: 1 });
  void opening.then((host) => {
    // What could not be opened is tried anew at the next reload.
    if (host.isErr()) hosts.delete(key);
    return host;
  });
  return opening;
}

/** Undoes one {@link poolHost}; with the last one the pool is closed. */
export async function releaseHost(runtime: RuntimeSettings): Promise<void> {
  const key = JSON.stringify(runtime);
  const known = hosts.get(key);
  if (known === undefined) return;
  known.users -= 1;
  if (known.users > 0) return;
  hosts.delete(key);
  const host = await known.opening;
  if (host.isErr()) return;
  host.value.limits.end();
  host.value.endSeries();
  await host.value.pool.close();
}

async function open(
  runtimeSettings: RuntimeSettings,
  env: Readonly<Record<string, string | undefined>>,
  onProblem: (problem: Failure) => void,
): Opening {
  keys ??= systemKeys({ env });
  const pool = await openPool({ env, runtimeSettings, actor: pluginActor(), keys, onProblem });
  if (pool.isErr()) return err(pool.error);
  // The cheap source only: a model turn, or a foreign program, is nothing to start behind somebody's back.
  const limits = freshLimits(openLimits(pool.value), systemTimers);
  const endSeries = poolSeries(pool.value).keep();
  return pool.value.serve().map((serving) => ({ pool: pool.value, serving, limits, endSeries }));
}

/** For whom this process changes something. */
export function pluginActor(): Actor {
  const user = systemUser();
  return { via: "plugin", ...(user !== undefined && { user }) };
}
