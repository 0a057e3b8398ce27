export { backupText, openBackup, readBackup, writeBackup, type WriteBackupOptions } from "./backup.ts";
export {
  alignStoreCopies,
  decryptStore,
  encryptionOf,
  encryptStore,
  type Encryption,
  type SwitchOptions,
} from "./encryption.ts";
export { createFileLock, type FileLock, type Held } from "./file-lock.ts";
export { createJsonFile, type JsonFile } from "./json-file.ts";
export { createJsonLines, type JsonLines, type JsonLinesOptions } from "./json-lines.ts";
export type { LinePosition, LinesSince } from "./lines-since.ts";
export { keychainKey } from "./keychain/keychain-key.ts";
export { createKeychain, type Keychain, type RunTool } from "./keychain/keychain.ts";
export { runTool } from "./keychain/run-tool.ts";
export type { ToolEnd } from "./keychain/tool.ts";
export { createKeySource, type KeySourceOptions } from "./keys.ts";
export { openStore, type OpenStoreOptions } from "./open-store.ts";
export { readOwnFile, removeOwnFile, writeOwnFile } from "./own-file.ts";
export { findLeftovers, type EarlierPlaces, type Leftover } from "./leftovers.ts";
export {
  isEarlierStore,
  readEarlierStore,
  whyPassedOver,
  type EarlierStoreOptions,
} from "./read-earlier-store.ts";
export { setAside } from "./set-aside.ts";
export { createSnapshots, type Snapshot, type SnapshotInvalid, type Snapshots } from "./snapshots.ts";
export { liveness, thisProcess, type Liveness, type Owner } from "./owner.ts";
export { passphraseKey } from "./store-key.ts";
export type { Switched } from "./switch-twins.ts";
