import type { AccountPool } from "@open-multi-auth/connector";
import type { PoolStore } from "@open-multi-auth/core-store";
import {
  accountsOf,
  forceOf,
  type Account,
  type AccountId,
  type Affinity,
  type Clock,
  type EpochMs,
  type Random,
  type RotationState,
  type Settings,
  type StoreV2,
} from "@open-multi-auth/domain";
import {
  afterClockJump,
  bindSession,
  liveSessions,
  watchClock,
  type Counts,
} from "@open-multi-auth/scheduler";
import { recordEvent } from "./account-events.ts";
import type { ForceKeeper } from "./force-keeper.ts";

/** A binding is written again when it is this old, so that a busy conversation costs one write a minute. */
const REBIND_MS = 60_000;
const NO_AFFINITY: Affinity = {};

interface Deps {
  readonly store: PoolStore;
  readonly force: ForceKeeper;
  readonly settings: () => Settings;
  readonly clock: Clock;
  readonly random: Random;
  /** Where this process's rotation begins, apart from that of others. */
  readonly rotation: RotationState;
}

/** The connector's view of the store: reads from memory, writes behind. */
export function createAccountPool(deps: Deps): AccountPool {
  const { store, clock } = deps;
  const members = memoize(store, membersOf);
  const jumpOf = watchClock(clock.upMs);
  let rotation = deps.rotation;
  let placements = 0;
  let inFlight: Counts = new Map();

  return {
    snapshot() {
      deps.force.settle();
      const now = clock.now();
      const jumpedMs = jumpOf(now);
      if (jumpedMs !== 0) keepBindings(store, jumpedMs, now);
      const state = store.state();
      const settings = deps.settings();
      const affinity = state.affinity ?? NO_AFFINITY;
      const sessions = settings.rotationStrategy === "headroom" && liveSessions(affinity, now);
      const { accounts, enabled } = members();
      const force = forceOf(state);
      const forced = force && { alias: force.alias, until: force.until };
      return {
        state: { accounts, settings, rotation, forced, inFlight, ...(sessions && { sessions }) },
        affinity,
        enabled,
        disabled: accounts.length - enabled,
      };
    },

    record: (event) => recordEvent(event, deps),

    began(accountId) {
      inFlight = counted(inFlight, accountId, 1);
    },

    ended(accountId) {
      inFlight = counted(inFlight, accountId, -1);
    },

    place({ sessionId, accountId, rotation: next }) {
      const now = clock.now();
      const bound = sessionId === undefined ? undefined : store.state().affinity?.[sessionId];
      const rebind =
        sessionId !== undefined &&
        (bound?.accountId !== accountId || now - bound.at >= REBIND_MS || bound.at > now);
      const placed = next !== rotation;
      if (!placed && !rebind) return;
      rotation = next;
      // The first placement of a process is already counted by its start.
      const step = placed && placements++ > 0 ? 1 : 0;
      store.apply((state) => {
        const { cursor, starts } = state.rotation;
        return {
          ...state,
          rotation: { ...state.rotation, cursor: cursor + step, starts, current: next.current },
          ...(rebind && { affinity: bindSession(state.affinity ?? NO_AFFINITY, sessionId, accountId, now) }),
        };
      }, "soon");
    },

    async reload() {
      await store.reload();
    },
  };
}

/** A clock that is set ends no idle window, and makes none longer. */
function keepBindings(store: PoolStore, jumpedMs: number, now: EpochMs): void {
  store.apply(
    ({ affinity = NO_AFFINITY, ...state }) => ({
      ...state,
      affinity: afterClockJump(affinity, jumpedMs, now),
    }),
    "soon",
  );
}

/** A copy, since records of decisions keep what these were made from. Those without any are left out. */
function counted(counts: Counts, accountId: AccountId, step: 1 | -1): Counts {
  const changed = new Map(counts);
  const count = (counts.get(accountId) ?? 0) + step;
  if (count > 0) changed.set(accountId, count);
  else changed.delete(accountId);
  return changed;
}

function membersOf(state: StoreV2): { readonly accounts: readonly Account[]; readonly enabled: number } {
  const accounts = accountsOf(state);
  return { accounts, enabled: accounts.filter((account) => account.enabled).length };
}

function memoize<T>(store: PoolStore, derive: (state: StoreV2) => T): () => T {
  let seen: StoreV2 | undefined;
  let value: T;
  return () => {
    const state = store.state();
    if (state !== seen) {
      value = derive(state);
      seen = state;
    }
    return value;
  };
}
