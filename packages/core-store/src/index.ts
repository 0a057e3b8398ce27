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
export type { Change, OpenReport, PoolStore, Urgency } from "./pool-store.ts";
