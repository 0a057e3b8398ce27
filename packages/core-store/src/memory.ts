import { emptyStore, type StoreV2 } from "@open-multi-auth/domain";
import { err, errAsync, ok, okAsync, ResultAsync, type Result } from "neverthrow";
import { checkStore } from "./check-store.ts";
import { storeClosed, type StoreError } from "./errors.ts";
import { Listeners } from "./listeners.ts";
import { changeInvalid, threw } from "./pending.ts";
import type { Change, PoolStore } from "./pool-store.ts";

/**
 * A store that lives and dies with the process: for tests, and for tools that keep nothing.
 *
 * @param initial the state to begin with, an empty store otherwise
 * @param onProblem told of what goes wrong behind `apply`
 */
export function createMemoryStore(
  initial: StoreV2 = emptyStore(),
  onProblem: (problem: StoreError) => void = () => undefined,
): PoolStore {
  let state = initial;
  let closed = false;
  const listeners = new Listeners(() => state);

  const accept = (next: StoreV2): Result<StoreV2, StoreError> => {
    const issue = next === state ? undefined : checkStore(next);
    if (issue !== undefined) return err(changeInvalid(issue));
    if (next !== state) listeners.changed();
    state = next;
    return ok(state);
  };
  const guarded = <E>(change: (store: StoreV2) => Result<StoreV2, E>): Result<StoreV2, E | StoreError> => {
    if (closed) return err(storeClosed("in memory"));
    try {
      return change(state).andThen<Result<StoreV2, E | StoreError>>(accept);
    } catch (thrown) {
      return err(changeInvalid(threw(thrown)));
    }
  };

  return {
    report: { kind: "created", quarantined: [] },
    state: () => state,
    update: (change) => new ResultAsync(Promise.resolve(guarded(change))),
    apply: (change: Change) => {
      const applied = guarded<never>((store) => ok(change(store)));
      if (applied.isErr()) queueMicrotask(() => onProblem(applied.error));
    },
    flush: () => okAsync(),
    reload: () => (closed ? errAsync(storeClosed("in memory")) : okAsync(state)),
    subscribe: (listener) => listeners.add(listener),
    close: () => {
      closed = true;
      return okAsync();
    },
  };
}
