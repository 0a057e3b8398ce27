import { createTokenSource, type TokenSource } from "@open-multi-auth/auth-oauth";
import { createSharedFiles } from "@open-multi-auth/auth-oauth/node";
import type { PoolStore } from "@open-multi-auth/core-store";
import {
  AUTH_ISSUER_URL,
  type Clock,
  type Environment,
  type Failure,
  type Random,
  type Settings,
} from "@open-multi-auth/domain";
import { recordEvent } from "./account-events.ts";
import { fileLeases, storedCredentials } from "./credentials.ts";
import type { ForceKeeper } from "./force-keeper.ts";
import { fetchPort } from "./http.ts";
import type { PoolPaths } from "./paths.ts";
import { systemTimers } from "./system.ts";

interface Deps {
  readonly store: PoolStore;
  readonly force: ForceKeeper;
  readonly paths: PoolPaths;
  readonly environment: Environment;
  readonly settings: () => Settings;
  readonly clock: Clock;
  readonly random: Random;
  readonly fetch: typeof globalThis.fetch;
  readonly onProblem: (problem: Failure) => void;
}

/**
 * The one token source of a process: whoever needs a token shares the refresh that is under way. An account that
 * turns out to be dead when it is renewed is marked so, as a request that needed it would have.
 */
export function poolTokens(deps: Deps): TokenSource {
  const { store, paths, environment, clock, random, onProblem } = deps;
  const source = createTokenSource({
    store: storedCredentials(store),
    lease: fileLeases(paths.folder, { clock, random }),
    fetch: fetchPort(deps.fetch),
    clock,
    timers: systemTimers,
    issuerUrl: environment.values.AUTH_ISSUER_URL ?? AUTH_ISSUER_URL,
    sharedFiles: createSharedFiles(),
    onProblem,
  });
  return {
    ...source,
    renew: (id) =>
      source.renew(id).mapErr((error) => {
        if (error.code === "REFRESH_TOKEN_REJECTED") {
          const { fingerprint } = error.details;
          const event = { kind: "auth-invalid", reason: "expired-refresh-failed", fingerprint } as const;
          recordEvent({ accountId: id, event }, deps);
        }
        return error;
      }),
  };
}
