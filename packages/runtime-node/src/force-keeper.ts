import type { Change, PoolStore } from "@open-multi-auth/core-store";
import type { Actor, Clock, Settings, StoreV2 } from "@open-multi-auth/domain";
import { settleForce, type ForceEnd } from "@open-multi-auth/scheduler";
import type { AuditLog } from "./audit-log.ts";

/** Ends a force once it is over, in whichever process notices first. */
export interface ForceKeeper {
  /** Ends the force if it is over by now. Memory only, unless it is. */
  settle(): void;
  /** Applies a change, and in the same write ends the force that it leaves without its account. */
  apply(change: Change): void;
  /** Resolves once every end so far is noted. */
  noted(): Promise<void>;
}

interface Deps {
  readonly store: PoolStore;
  readonly settings: () => Settings;
  readonly audit: Pick<AuditLog, "note">;
  readonly clock: Clock;
  /** For whom this process ends it. */
  readonly actor: Actor;
}

interface Ended {
  readonly end: ForceEnd;
  readonly before: StoreV2;
  readonly after: StoreV2;
}

export function createForceKeeper({ store, settings, audit, clock, actor }: Deps): ForceKeeper {
  let pending: Promise<void> = Promise.resolve();

  const apply: ForceKeeper["apply"] = (change) => {
    const judging = { settings: settings(), now: clock.now() };
    // The change runs again on what the disk holds: its last run tells whether it was this process that ended it.
    let ended: Ended | undefined;
    store.apply((state) => {
      const before = change(state);
      const { store: after, ended: end } = settleForce(before, judging);
      ended = end === null ? undefined : { end, before, after };
      return after;
    }, "now");
    const note = (): void => {
      if (ended)
        audit.note({ actor, action: "force.end", reason: ended.end.reason }, ended.before, ended.after);
    };
    pending = Promise.all([pending, store.flush().match(note, note)]).then(() => undefined);
  };

  return {
    apply,
    settle() {
      const state = store.state();
      if (state.forcedAlias === null) return;
      if (settleForce(state, { settings: settings(), now: clock.now() }).ended) apply((same) => same);
    },
    noted: () => pending,
  };
}
