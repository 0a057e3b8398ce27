import { failure, type Failure } from "@open-multi-auth/domain";

/** Where data breaks its schema: the field's path (`accounts.work.expiresAt`) and what must hold there ("must be a string"). */
export interface Issue {
  readonly path: string;
  readonly constraint: string;
}

/** Why a path is not trusted with secrets. */
export type PathProblem =
  | "symlink"
  | "foreign-owner"
  | "not-a-file"
  | "not-a-folder"
  | "shared-folder"
  | "not-for-us-alone"
  | "name-taken";

/** Shapes of `store.json` that are not ours to write. */
export type ForeignShape =
  | "newer"
  | "v1"
  | "baseline-v2"
  | "account-list"
  | "encrypted"
  | "damaged-seal"
  | "unknown";

/** The operating system refused to read; nothing was changed. */
export type StoreUnreadable = Failure<"STORE_UNREADABLE", { path: string; errno: string }>;

/** The operating system refused to write (disk full, read-only); the old file stands, what `apply` took is kept in memory and retried. */
export type StoreUnwritable = Failure<"STORE_UNWRITABLE", { path: string; errno: string }>;

/** A link, another user's file or the wrong kind of file stands where the store's belongs; the person clears it. */
export type StorePathUnsafe = Failure<
  "STORE_PATH_UNSAFE",
  { path: string; problem: PathProblem; fix: string }
>;

/** Another process held the lock until the deadline; try again, or end that process. */
export type StoreLocked = Failure<"STORE_LOCKED", { path: string; holderPid?: number; waitedMs: number }>;

/** The file was not a valid store. It is kept as `evidence`; the snapshot, or an empty store, took its place. */
export type StoreCorrupted = Failure<
  "STORE_CORRUPTED",
  { file: string; path: string; constraint: string; evidence?: string; restoredFrom: "snapshot" | "nothing" }
>;

/** One account broke its schema and was moved to `file`; the others stay usable. */
export type AccountQuarantined = Failure<
  "ACCOUNT_QUARANTINED",
  { alias: string; issues: readonly Issue[]; file: string }
>;

/** The file is a store of a newer version, of another tool, or nothing that was ever a store: left exactly as it is. */
export type StoreUnsupported = Failure<
  "STORE_UNSUPPORTED",
  { file: string; shape: ForeignShape; version?: number; fix: string }
>;

/** Where the key of an encrypted store comes from. */
export type KeyOrigin = "passphrase" | "keychain";

/** The store is encrypted and its key is not at hand; nothing was changed. The person gives the passphrase or the keychain. */
export type StoreSealed = Failure<"STORE_SEALED", { file: string; source: KeyOrigin; fix: string }>;

/** What was given, or found in the keychain, is not the key that the file was encrypted with; nothing was changed. */
export type StoreKeyWrong = Failure<"STORE_KEY_WRONG", { file: string; source: KeyOrigin; fix: string }>;

/** The keychain of the operating system could not be asked: its tool is missing, it is locked, or it refused. */
export type KeychainUnavailable = Failure<"KEYCHAIN_UNAVAILABLE", { tool: string; fix: string }>;

/** Everything that can go wrong with getting the key of a store. */
export type KeyError = StoreSealed | StoreKeyWrong | KeychainUnavailable;

/** A change made a store outside the schema, or threw: a bug of the caller's. Nothing of it was kept. */
export type ChangeInvalid = Failure<"CHANGE_INVALID", Issue>;

/** The store was closed before. */
export type StoreClosed = Failure<"STORE_CLOSED", { path: string }>;

export const storeClosed = (path: string): StoreClosed =>
  failure("STORE_CLOSED", `the store ${path} was closed`, { path });

/** Everything that can go wrong with the store. */
export type StoreError =
  | StoreUnreadable
  | StoreUnwritable
  | StorePathUnsafe
  | StoreLocked
  | StoreCorrupted
  | AccountQuarantined
  | StoreUnsupported
  | KeyError
  | ChangeInvalid
  | StoreClosed;

/** Everything that can go wrong with taking a file lock. */
export type LockError = StoreLocked | StorePathUnsafe | StoreUnreadable | StoreUnwritable;
