import { UPSTREAM_URL } from "@open-multi-auth/domain";
import type { ProbeRunner } from "@open-multi-auth/limits-probe";
import { createAppServerRunner, createExecRunner } from "@open-multi-auth/limits-probe/node";
import type { Pool } from "./open-pool.ts";
import { refusedModels } from "./refused-models.ts";
import { systemClock, systemTimers } from "./system.ts";

/**
 * The Codex CLI as a source of limits, for `openLimits`: its reads, which cost nothing, then a model turn.
 *
 * @param env the process environment, which may name the program (`CODEX_CLI_BIN`)
 */
export function codexProbes(
  pool: Pool,
  env: Readonly<Record<string, string | undefined>>,
): readonly ProbeRunner[] {
  const { tokens, paths, environment, store } = pool;
  const deps = {
    tokens,
    clock: systemClock,
    timers: systemTimers,
    upstreamUrl: environment.values.UPSTREAM_URL ?? UPSTREAM_URL,
    folder: paths.folder,
    env,
    platform: process.platform,
  };
  const turns = {
    settings: () => pool.settings().settings,
    environment,
    refused: refusedModels(store, systemClock),
  };
  return [createAppServerRunner(deps), createExecRunner({ ...deps, ...turns })];
}
