import type { StoreV2 } from "@open-multi-auth/domain";
import type { Result, ResultAsync } from "neverthrow";
import type { AccountQuarantined, StoreCorrupted, StoreError } from "./errors.ts";
import type { MigrationReport } from "./migrations/types.ts";

/**
 * A pure function of the newest state. It is applied to memory at once and again to what the disk holds under the
 * lock, so it must say what changes (a delta), never bring back a whole copy made earlier.
 */
export type Change = (store: StoreV2) => StoreV2;

/** `soon`: batched, written at most one second later. `now`: written at once. Both are retried until they succeed. */
export type Urgency = "soon" | "now";

/** An earlier plugin's store that ours was made of, or stands in for. */
export interface EarlierOrigin {
  /** The earlier store: the file that was named, left alone, or the copy of a file that was migrated in its place. */
  readonly file: string;
  /** The file of our store. */
  readonly store: string;
  /** What the migration could not take over as it stood; unset where it happened before. */
  readonly report?: MigrationReport;
  /** Entries that were no accounts and where each was put. */
  readonly quarantined?: readonly AccountQuarantined["details"][];
}

/** How a transaction is written. */
export interface UpdateOptions {
  /** Keeps the state that it replaces as a snapshot, or fails; else that is kept where it is worth it. */
  readonly keepReplaced?: boolean;
}

/** What opening found. */
export interface OpenReport {
  readonly kind: "opened" | "created" | "restored";
  /** Where the invalid file was kept. */
  readonly evidence?: string;
  /** What was wrong with the file: to be told to the person once. */
  readonly problem?: StoreCorrupted;
  /** Accounts that broke their schema and where each was put. */
  readonly quarantined: readonly AccountQuarantined["details"][];
  /** The earlier plugin's store behind this one. */
  readonly earlier?: EarlierOrigin;
}

/** The state that all processes of one person share. Memory is the truth within a process, the file between them. */
export interface PoolStore {
  /** What opening found. */
  readonly report: OpenReport;

  /** The newest known state, with every change not yet written. Immutable; no I/O. */
  state(): StoreV2;

  /**
   * A transaction on the newest state of all processes: durable when it resolves.
   *
   * @returns the state right after the change; the change's own error, with nothing written; or a `StoreError`
   */
  update<E = never>(
    change: (store: StoreV2) => Result<StoreV2, E>,
    options?: UpdateOptions,
  ): ResultAsync<StoreV2, E | StoreError>;

  /** Changes memory at once and the disk behind it. Never throws, never waits; problems go to `onProblem`. */
  apply(change: Change, urgency: Urgency): void;

  /** Resolves ok when everything applied so far is on disk. */
  flush(): ResultAsync<void, StoreError>;

  /** Reads the file now. */
  reload(): ResultAsync<StoreV2, StoreError>;

  /** Calls `listener` after changes of this and other processes, at most once per turn of the event loop. */
  subscribe(listener: (store: StoreV2) => void): () => void;

  /** Flushes and stops watching. Without it, nothing of the store keeps a process alive. */
  close(): ResultAsync<void, StoreError>;
}
