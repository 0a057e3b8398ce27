import { keepRenewed, type RenewalFailure, type TokenSource } from "@open-multi-auth/auth-oauth";
import type { PoolStore } from "@open-multi-auth/core-store";
import { accountsOf, failure, type Clock, type Failure, type Random } from "@open-multi-auth/domain";
import { systemTimers } from "./system.ts";

/** How long a process that goes waits for a refresh: its answer would be lost, and the account with it. */
const FAREWELL_MS = 5_000;

interface Deps {
  readonly store: PoolStore;
  readonly tokens: TokenSource;
  readonly clock: Clock;
  readonly random: Random;
  readonly onProblem: (problem: Failure) => void;
}

/**
 * Renews the tokens of the pool's accounts ahead of their end.
 *
 * @returns ends it
 */
export function startRenewals({ store, tokens, clock, random, onProblem }: Deps): () => void {
  return keepRenewed({
    accounts: () => accountsOf(store.state()),
    subscribe: (listener) => store.subscribe(listener),
    renew: (id) => tokens.renew(id),
    clock,
    random,
    timers: systemTimers,
    onFailure({ accountId, error }: RenewalFailure) {
      const alias = accountsOf(store.state()).find(({ id }) => id === accountId)?.alias;
      onProblem(failure(error.code, `${alias} was not renewed: ${error.message}`, { accountId, alias }));
    },
  });
}

/** Waits a little for refreshes that are under way. */
export async function awaitRefreshes(tokens: TokenSource): Promise<void> {
  let callOff: (() => void) | undefined;
  const farewell = new Promise<void>((resolve) => (callOff = systemTimers.after(FAREWELL_MS, resolve)));
  await Promise.race([tokens.settled(), farewell]);
  callOff?.();
}
