import { failure, messageOf, type StoreV2 } from "@open-multi-auth/domain";
import type { Result } from "neverthrow";
import { err } from "neverthrow";
import { checkStore } from "./check-store.ts";
import { compact } from "./compact.ts";
import type { ChangeInvalid, Issue, StoreError } from "./errors.ts";
import type { Change, UpdateOptions } from "./pool-store.ts";

/** A change or transaction that is not on disk yet. */
export interface Pending {
  /** A change is in memory already and stays pending until it is written; a transaction is tried once. */
  readonly kind: "change" | "transaction";
  /** The state that it replaces must be kept. */
  readonly keepReplaced?: boolean;
  /** The state after it, or `undefined` when it declines. Runs again on every newer state. */
  run(store: StoreV2): StoreV2 | undefined;
  /** Ends it: written, or failed with `error`. */
  settle(error?: StoreError): void;
}

/** Who is told of what went wrong behind the caller's back. */
interface ProblemListener {
  tell(problem: StoreError): void;
}

export const pendingChange = (change: Change, problems: ProblemListener): Pending => ({
  kind: "change",
  run: change,
  settle: (error) => {
    if (error !== undefined) problems.tell(error);
  },
});

/** A transaction whose result is its own error if it had one, else whether it was written. */
export function pendingTransaction<E>(
  change: (store: StoreV2) => Result<StoreV2, E>,
  resolve: (result: Result<StoreV2, E | StoreError>) => void,
  { keepReplaced = false }: UpdateOptions = {},
): Pending {
  let own: Result<StoreV2, E> | undefined;
  return {
    kind: "transaction",
    keepReplaced,
    run: (store) => {
      own = change(store);
      return own.isOk() ? own.value : undefined;
    },
    settle: (error) => {
      if (own !== undefined && (own.isErr() || error === undefined)) resolve(own);
      else if (error !== undefined) resolve(err(error));
    },
  };
}

/** The state after all of `pending`, and what had to be left out of it. */
export interface Folded {
  readonly store: StoreV2;
  readonly invalid: ReadonlyMap<Pending, ChangeInvalid>;
}

/**
 * Applies what is pending to a state, in order. What throws or breaks the schema is left out.
 *
 * @param known the outcome, where it was computed before
 */
export function foldPending(base: StoreV2, pending: readonly Pending[], known?: StoreV2): Folded {
  const all =
    known === undefined ? fold(base, pending, () => undefined) : { store: known, invalid: new Map() };
  return checkStore(all.store) === undefined ? all : fold(base, pending, checkStore);
}

function fold(
  base: StoreV2,
  pending: readonly Pending[],
  check: (store: StoreV2) => Issue | undefined,
): Folded {
  const invalid = new Map<Pending, ChangeInvalid>();
  let store = base;
  for (const entry of pending) {
    const next = attempt(entry, store);
    const issue = "issue" in next ? next.issue : check(next.store);
    if (issue !== undefined) invalid.set(entry, changeInvalid(issue));
    else if ("store" in next) store = next.store;
  }
  return { store, invalid };
}

/** However long the disk refuses, what waits for it takes no more room than the store and these. */
const MOST_PENDING = 1000;

/** What is pending, as one change where it has become much. Transactions are left alone: each has its own end. */
export function compacted(
  pending: readonly Pending[],
  base: StoreV2,
  memory: StoreV2,
  problems: ProblemListener,
): Pending[] {
  const waits = pending.length <= MOST_PENDING || pending.some(({ kind }) => kind === "transaction");
  return waits ? [...pending] : [pendingChange(compact(base, memory), problems)];
}

/** Runs one entry; an exception of its code does not reach its neighbours. */
export function attempt(entry: Pending, store: StoreV2): { store: StoreV2 } | { issue: Issue } {
  try {
    return { store: entry.run(store) ?? store };
  } catch (thrown) {
    return { issue: threw(thrown) };
  }
}

export const changeInvalid = (issue: Issue): ChangeInvalid =>
  failure(
    "CHANGE_INVALID",
    `a change was refused: ${issue.path === "" ? "it" : issue.path} ${issue.constraint}`,
    issue,
  );

/** The issue of a change that threw. */
export const threw = (thrown: unknown): Issue => ({
  path: "",
  constraint: `must not throw: ${messageOf(thrown)}`,
});
