import {
  planRestore,
  storeDifference,
  type PoolStore,
  type StoreDifference,
} from "@open-multi-auth/core-store";
import type { Snapshot } from "@open-multi-auth/core-store/node";
import { failure, type Failure, type StoreV2 } from "@open-multi-auth/domain";
import { err, ok, type Result, type ResultAsync } from "neverthrow";
import { sameAccount } from "./same-account.ts";

/** What restoring a snapshot makes of a state. */
export type RestorePlan = (current: StoreV2) => {
  readonly store: StoreV2;
  readonly difference: StoreDifference;
};

/**
 * The plan of a snapshot; newer ones tell of logins that were renewed after it.
 *
 * @param snapshots newest first
 * @param index which of them
 * @param wanted what the person called it
 */
export function planFor(
  snapshots: readonly Snapshot[],
  index: number,
  wanted: string,
): Result<RestorePlan, Failure> {
  const snapshot = snapshots[index];
  if (snapshot === undefined) {
    return err(failure("SNAPSHOT_NOT_FOUND", `there is no snapshot "${wanted}"`, { id: wanted }));
  }
  const between = snapshots.slice(0, index).flatMap(({ store }) => (store.isOk() ? [store.value] : []));
  return snapshot.store.map((past) => (current) => {
    const store = planRestore({ current, past, between, same: sameAccount });
    return { store, difference: storeDifference(current, store) };
  });
}

/** One transaction; the state that it replaces is kept. */
export function restoreFrom(store: PoolStore, plan: RestorePlan): ResultAsync<StoreV2, Failure> {
  return store.update((state) => ok(plan(state).store), { keepReplaced: true });
}
