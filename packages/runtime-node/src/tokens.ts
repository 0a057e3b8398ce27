import { createTokenSource, type TokenSource } from "@open-multi-auth/auth-oauth";
import { createSharedFiles } from "@open-multi-auth/auth-oauth/node";
import type { PoolStore } from "@open-multi-auth/core-store";
import {
  AUTH_ISSUER_URL,
  type Clock,
  type Environment,
  type Failure,
  type Random,
} from "@open-multi-auth/domain";
import { fileLeases, storedCredentials } from "./credentials.ts";
import { fetchPort } from "./http.ts";
import type { PoolPaths } from "./paths.ts";
import { systemTimers } from "./system.ts";

interface Deps {
  readonly store: PoolStore;
  readonly paths: PoolPaths;
  readonly environment: Environment;
  readonly clock: Clock;
  readonly random: Random;
  readonly fetch: typeof globalThis.fetch;
  readonly onProblem: (problem: Failure) => void;
}

/** The one token source of a process: whoever needs a token shares the refresh that is under way. */
export function poolTokens({
  store,
  paths,
  environment,
  clock,
  random,
  fetch,
  onProblem,
}: Deps): TokenSource {
  return createTokenSource({
    store: storedCredentials(store),
    lease: fileLeases(paths.folder, { clock, random }),
    fetch: fetchPort(fetch),
    clock,
    timers: systemTimers,
    issuerUrl: environment.values.AUTH_ISSUER_URL ?? AUTH_ISSUER_URL,
    sharedFiles: createSharedFiles(),
    onProblem,
  });
}
