export type { BackupError } from "./backup-errors.ts";
export { parseBackup, type BackupFile } from "./backup-format.ts";
export type { SameAccount } from "./decisions.ts";
export type {
  AccountQuarantined,
  ChangeInvalid,
  ForeignShape,
  Issue,
  KeychainUnavailable,
  KeyError,
  KeyOrigin,
  LockError,
  PathProblem,
  StoreClosed,
  StoreCorrupted,
  StoreError,
  StoreKeyWrong,
  StoreLocked,
  StorePathUnsafe,
  StoreSealed,
  StoreUnreadable,
  StoreUnsupported,
  StoreUnwritable,
} from "./errors.ts";
export type {
  EarlierStore,
  EarlierStoreError,
  EarlierStoreUnknown,
  PassedOver,
  EarlierStoreEncrypted,
  EarlierPassphraseWrong,
} from "./earlier-store.ts";
export type { KeySource, StoreKey } from "./key-source.ts";
export type { KeyHeader } from "./sealed-format.ts";
export { freeAlias } from "./migrations/aliases.ts";
export { migrateStore } from "./migrations/migrate.ts";
export type { EarlierShape, Migrated, MigrationReport } from "./migrations/types.ts";
export type { BrokenAccount } from "./parse-store.ts";
export type { Change, EarlierOrigin, OpenReport, PoolStore, UpdateOptions, Urgency } from "./pool-store.ts";
export { planImport, type Importing, type ImportPlan } from "./plan-import.ts";
export { planRestore, type Restoring } from "./plan-restore.ts";
export { isEmptyDifference, storeDifference, type StoreDifference } from "./store-difference.ts";
