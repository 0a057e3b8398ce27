import type { PoolStore } from "@open-multi-auth/core-store";
import { after, type Account, type Clock, type EpochMs } from "@open-multi-auth/domain";
import type { RefusedModels } from "@open-multi-auth/limits-probe";

/** Models and plans change: a day later a refused one is worth a try again. */
const REMEMBERED_MS = 24 * 60 * 60_000;
/** As many as can be named to measure with. */
const KEPT = 20;

/** What the store remembers of refused models; those that requests were refused lately are among them. */
export function refusedModels(store: PoolStore, clock: Clock): RefusedModels {
  const find = (id: string): Account | undefined =>
    Object.values(store.state().accounts).find((account) => account.id === id);
  return {
    of(id) {
      const now = clock.now();
      const { modelUnsupported = {}, probeModelsRefused } = find(id) ?? {};
      const requests = Object.entries(modelUnsupported).flatMap(([model, { until }]) =>
        until > now ? [model] : [],
      );
      return new Set([...requests, ...living(probeModelsRefused, now).map(([model]) => model)]);
    },
    add(id, model) {
      const now = clock.now();
      store.apply((state) => {
        const account = Object.values(state.accounts).find((candidate) => candidate.id === id);
        if (!account) return state;
        const others = living(account.probeModelsRefused, now).filter(([other]) => other !== model);
        const kept = [...others.slice(1 - KEPT), [model, after(now, REMEMBERED_MS)] as const];
        const remembered = { ...account, probeModelsRefused: Object.fromEntries(kept) };
        return { ...state, accounts: { ...state.accounts, [account.alias]: remembered } };
      }, "now");
    },
  };
}

/** What claims to be of the far future is of a clock that was wrong. */
const living = (refused: Readonly<Record<string, EpochMs>> | undefined, now: EpochMs): [string, EpochMs][] =>
  Object.entries(refused ?? {}).filter(([, until]) => until > now && until <= after(now, REMEMBERED_MS));
