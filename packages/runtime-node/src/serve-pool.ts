import type { TokenSource } from "@open-multi-auth/auth-oauth";
import { createConnector, type Connector, type Transport } from "@open-multi-auth/connector";
import type { PoolStore, StoreError } from "@open-multi-auth/core-store";
import type { JsonLines } from "@open-multi-auth/core-store/node";
import {
  UPSTREAM_URL,
  type Clock,
  type Environment,
  type Random,
  type RotationState,
  type Settings,
  type StoreV2,
} from "@open-multi-auth/domain";
import { ok, okAsync, type ResultAsync } from "neverthrow";
import { createAccountPool } from "./account-pool.ts";
import type { ForceKeeper } from "./force-keeper.ts";
import { systemRequestId, systemTimers } from "./system.ts";

/** Answers model requests from the pool. */
export type ServingPool = Pick<Connector, "handle">;

interface Deps {
  readonly store: PoolStore;
  readonly force: ForceKeeper;
  readonly tokens: TokenSource;
  readonly environment: Environment;
  readonly settings: () => Settings;
  readonly decisions: JsonLines;
  readonly clock: Clock;
  readonly random: Random;
  readonly transport: Transport;
}

/** Wires the connector to the store, the tokens and the network of this process. */
export function servePool(deps: Deps): ResultAsync<ServingPool, StoreError> {
  const { store, force, tokens, environment, settings, decisions, clock, random, transport } = deps;
  return takeStart(store, random).map((rotation) =>
    createConnector({
      pool: createAccountPool({ store, force, settings, clock, random, rotation }),
      tokens,
      transport,
      log: decisions,
      clock,
      random,
      timers: systemTimers,
      ids: systemRequestId,
      upstreamUrl: environment.values.UPSTREAM_URL ?? UPSTREAM_URL,
      limits: tokenRest(environment),
    }),
  );
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
