import { createTokenSource } from "@open-multi-auth/auth-oauth";
import { createSharedFiles } from "@open-multi-auth/auth-oauth/node";
import { createConnector, type Connector } from "@open-multi-auth/connector";
import type { PoolStore, StoreError } from "@open-multi-auth/core-store";
import type { JsonLines } from "@open-multi-auth/core-store/node";
import {
  AUTH_ISSUER_URL,
  UPSTREAM_URL,
  type Clock,
  type Environment,
  type Failure,
  type Random,
  type RotationState,
  type Settings,
  type StoreV2,
} from "@open-multi-auth/domain";
import { ok, okAsync, type ResultAsync } from "neverthrow";
import { createAccountPool } from "./account-pool.ts";
import { fileLeases, storedCredentials } from "./credentials.ts";
import { fetchPort, fetchTransport } from "./http.ts";
import type { PoolPaths } from "./paths.ts";
import { systemRequestId, systemTimers } from "./system.ts";

/** Answers model requests from the pool. */
export type ServingPool = Pick<Connector, "handle">;

interface Deps {
  readonly store: PoolStore;
  readonly paths: PoolPaths;
  readonly environment: Environment;
  readonly settings: () => Settings;
  readonly decisions: JsonLines;
  readonly clock: Clock;
  readonly random: Random;
  readonly fetch: typeof globalThis.fetch;
  readonly onProblem: (problem: Failure) => void;
}

/** Wires the connector to the store, the tokens and the network of this process. */
export function servePool(deps: Deps): ResultAsync<ServingPool, StoreError> {
  const { store, paths, environment, settings, decisions, clock, random, onProblem } = deps;
  return takeStart(store, random).map((rotation) => {
    const tokens = createTokenSource({
      store: storedCredentials(store),
      lease: fileLeases(paths.folder, { clock, random }),
      fetch: fetchPort(deps.fetch),
      clock,
      timers: systemTimers,
      issuerUrl: environment.values.AUTH_ISSUER_URL ?? AUTH_ISSUER_URL,
      sharedFiles: createSharedFiles(),
      onProblem,
    });
    return createConnector({
      pool: createAccountPool({ store, settings, clock, random, rotation }),
      tokens,
      transport: fetchTransport(deps.fetch),
      log: decisions,
      clock,
      random,
      timers: systemTimers,
      ids: systemRequestId,
      upstreamUrl: environment.values.UPSTREAM_URL ?? UPSTREAM_URL,
      limits: tokenRest(environment),
    });
  });
}

function tokenRest({ values }: Environment): { tokenRestMs?: number } {
  return values.TOKEN_FAILURE_COOLDOWN_MS === undefined
    ? {}
    : { tokenRestMs: values.TOKEN_FAILURE_COOLDOWN_MS };
}

/**
 * Takes this process's place in the rotation, so that processes started together begin on different accounts.
 *
 * One locked write, before the first request; where the store cannot be written, a random place serves.
 */
function takeStart(store: PoolStore, random: Random): ResultAsync<RotationState, never> {
  return store
    .update((state) =>
      ok<StoreV2>({ ...state, rotation: { ...state.rotation, starts: state.rotation.starts + 1 } }),
    )
    .map(({ rotation }) => ({ ...rotation, cursor: rotation.cursor + rotation.starts - 1 }))
    .orElse(() => okAsync({ ...store.state().rotation, cursor: Math.floor(random.next() * 1_000) }));
}
