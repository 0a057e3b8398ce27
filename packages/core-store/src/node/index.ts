export { openBackup, readBackup, writeBackup, type WriteBackupOptions } from "./backup.ts";
export { createFileLock, type FileLock, type Held } from "./file-lock.ts";
export { createJsonLines, type JsonLines, type JsonLinesOptions } from "./json-lines.ts";
export { openStore, type OpenStoreOptions } from "./open-store.ts";
export { findLeftovers, type EarlierPlaces, type Leftover } from "./leftovers.ts";
export {
  isEarlierStore,
  readEarlierStore,
  whyPassedOver,
  type EarlierStoreOptions,
} from "./read-earlier-store.ts";
export { setAside } from "./set-aside.ts";
export { createSnapshots, type Snapshot, type SnapshotInvalid, type Snapshots } from "./snapshots.ts";
