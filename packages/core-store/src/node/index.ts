export { openBackup, readBackup, writeBackup, type WriteBackupOptions } from "./backup.ts";
export { createFileLock, type FileLock, type Held } from "./file-lock.ts";
export { createJsonLines, type JsonLines, type JsonLinesOptions } from "./json-lines.ts";
export { openStore, type OpenStoreOptions } from "./open-store.ts";
export { createSnapshots, type Snapshot, type SnapshotInvalid, type Snapshots } from "./snapshots.ts";
