import { fingerprint } from "@open-multi-auth/auth-oauth";
import type { PoolStore } from "@open-multi-auth/core-store";
import {
  accountsOf,
  UPSTREAM_URL,
  type Account,
  type AccountId,
  type AccountView,
  type Clock,
  type Random,
  type StoreV2,
} from "@open-multi-auth/domain";
import {
  applyProbe,
  createProber,
  createProbeQueue,
  createProbeSchedule,
  createUsageEndpoint,
  type LimitsBook,
  type ProbeOutcome,
  type ProbeQueue,
  type ProbeRunner,
  type ProbeSchedule,
} from "@open-multi-auth/limits-probe";
import { fileLeases } from "./credentials.ts";
import { fetchPort } from "./http.ts";
import type { Pool } from "./open-pool.ts";
import { systemClock, systemRandom, systemTimers } from "./system.ts";

export type { ProbeSchedule } from "@open-multi-auth/limits-probe";

/** What {@link openLimits} may be told; everything has a default. */
export interface OpenLimitsOptions {
  /** Sources to ask where the usage endpoint has no answer, cheapest first. */
  readonly fallbacks?: readonly ProbeRunner[];
  readonly clock?: Clock;
  readonly random?: Random;
  readonly fetch?: typeof globalThis.fetch;
}

/** Probes of the pool's accounts: asked for, or by themselves while someone watches. */
export interface Limits extends ProbeQueue, ProbeSchedule {
  /** The pool's views, with what this process is probing as `queued` and `running`. */
  views(): AccountView[];
}

/** Wires the probes to a pool: its own tokens, its store, one claim per account over all processes. */
export function openLimits(pool: Pool, options: OpenLimitsOptions = {}): Limits {
  const { clock = systemClock, random = systemRandom, fetch = globalThis.fetch, fallbacks = [] } = options;
  const { store, tokens, paths, environment } = pool;
  const endpoint = createUsageEndpoint({
    tokens,
    fetch: fetchPort(fetch),
    clock,
    upstreamUrl: environment.values.USAGE_BASE_URL ?? environment.values.UPSTREAM_URL ?? UPSTREAM_URL,
  });
  const probe = createProber({
    runners: [endpoint, ...fallbacks],
    book: limitsBook(store),
    lease: fileLeases(paths.folder, { clock, random }, "probe"),
    clock,
  });
  const queue = createProbeQueue({ probe, clock });
  const accounts = (): readonly Account[] => accountsOf(store.state());
  const intervalMs = (): number => pool.settings().settings.probeIntervalMs;
  const schedule = createProbeSchedule({ queue, accounts, clock, random, timers: systemTimers, intervalMs });
  return {
    ...queue,
    ...schedule,
    views() {
      const { queued, running } = queue.progress();
      const ids = new Map<string, AccountId>(accounts().map(({ id, alias }) => [alias, id]));
      return pool.views().map((view) => {
        const id = ids.get(view.alias);
        if (id !== undefined && running.includes(id)) return { ...view, limitStatus: "running" };
        return id !== undefined && queued.includes(id) ? { ...view, limitStatus: "queued" } : view;
      });
    },
  };
}

function limitsBook(store: PoolStore): LimitsBook {
  const account = (id: AccountId): Account | undefined =>
    Object.values(store.state().accounts).find((candidate) => candidate.id === id);
  return {
    account,
    reload: () => store.reload(),
    async record(id, outcome) {
      store.apply((state) => applied(state, id, outcome), "now");
      // What cannot be written now is written later, and reported by the store.
      await store.flush();
      const { lastLimitProbeAt, lastLimitErrorAt, limitStatus } = account(id) ?? {};
      if (outcome.kind === "stopped") return limitStatus === "stopped";
      return outcome.startedAt === (outcome.kind === "success" ? lastLimitProbeAt : lastLimitErrorAt);
    },
  };
}

/** The account as it is now, found by its id: it may have been renamed, linked anew or removed since it was asked. */
function applied(state: StoreV2, id: AccountId, outcome: ProbeOutcome): StoreV2 {
  const account = Object.values(state.accounts).find((candidate) => candidate.id === id);
  if (!account || (outcome.login !== undefined && fingerprint(account.accessToken) !== outcome.login)) {
    return state;
  }
  const next = applyProbe(account, outcome);
  return next === account ? state : { ...state, accounts: { ...state.accounts, [account.alias]: next } };
}
