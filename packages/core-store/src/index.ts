export type {
  AccountQuarantined,
  ChangeInvalid,
  ForeignShape,
  Issue,
  LockError,
  PathProblem,
  StoreClosed,
  StoreCorrupted,
  StoreError,
  StoreLocked,
  StorePathUnsafe,
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
export { freeAlias } from "./migrations/aliases.ts";
export { migrateStore } from "./migrations/migrate.ts";
export type { EarlierShape, Migrated, MigrationReport } from "./migrations/types.ts";
export type { BrokenAccount } from "./parse-store.ts";
export type { Change, EarlierOrigin, OpenReport, PoolStore, Urgency } from "./pool-store.ts";
