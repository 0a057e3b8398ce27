import { dirname, join, resolve } from "node:path";
import type { Clock, DurationMs, Random } from "@open-multi-auth/domain";
import { ResultAsync } from "neverthrow";
import type { StoreError } from "../errors.ts";
import type { KeySource } from "../key-source.ts";
import type { EarlierOrigin, PoolStore } from "../pool-store.ts";
import { besideOf, hasStore, importBeside, migrateInPlace } from "./adopt.ts";
import { contextOf, type Context } from "./context.ts";
import { failureOf, Fault } from "./fault.ts";
import { lockIn } from "./file-lock.ts";
import { FileStore } from "./file-store.ts";
import { isThere } from "./is-there.ts";
import { Problems } from "./problems.ts";
import { allOurs } from "./own-names.ts";
import { quarantineFolder } from "./quarantine.ts";
import { ensureFolder } from "./safe-folder.ts";
import { SnapshotFolder, snapshotsOf } from "./snapshot-folder.ts";
import { StoreAdapter } from "./store-adapter.ts";
import { completeSwitch } from "./switch.ts";
import { sweep } from "./sweep.ts";
import { switchMarker } from "./twins.ts";
import { watchFolder } from "./watch-folder.ts";
import { LOCK_DEADLINE_MS, whileLocked } from "./while-locked.ts";

const POLL_MS: DurationMs = 5000;

/** What {@link openStore} needs. */
export interface OpenStoreOptions {
  /** The store's folder; created 0700, or narrowed to that unless it holds what is not ours. */
  readonly folder: string;
  /**
   * The store's file, if it is not `store.json` in `folder`. The folder it is in is held to the same rules. A file
   * of an earlier plugin is imported from and left alone: ours is then `<name>.store.json` beside it.
   */
  readonly file?: string;
  readonly clock: Clock;
  readonly random: Random;
  /** What opens the store if it is encrypted; without it such a store is refused. */
  readonly keys?: KeySource;
  /** Told of what happens behind `apply` and while watching: once per occasion. */
  readonly onProblem?: (problem: StoreError) => void;
  /** Opens an earlier plugin's encrypted store named by `file`, once. */
  readonly earlierPassphrase?: string | undefined;
  /** How often to look for changes that the watcher missed. */
  readonly pollMs?: DurationMs;
  /** How long a write waits for other processes before `STORE_LOCKED`. */
  readonly lockDeadlineMs?: DurationMs;
}

/**
 * Opens the store of a folder, creating or recovering it where needed; `report` tells which.
 *
 * Reading needs no lock. Other processes' writes arrive within a second.
 *
 * @returns the store; or why its files can be neither used nor repaired, with all of them left as they were
 */
export const openStore = (options: OpenStoreOptions): ResultAsync<PoolStore, StoreError> =>
  openStoreIn(options, contextOf(options));

/** {@link openStore} in surroundings of one's own. */
export const openStoreIn = (
  options: OpenStoreOptions,
  context: Context,
): ResultAsync<PoolStore, StoreError> => ResultAsync.fromPromise(open(options, context), failureOf);

async function open(options: OpenStoreOptions, context: Context): Promise<PoolStore> {
  const folder = resolve(options.folder);
  const file = options.file === undefined ? join(folder, "store.json") : resolve(options.file);
  for (const path of new Set([folder, dirname(file)])) {
    await ensureFolder(path, context.uid, (names) => allOurs(names, file));
    await sweep(path, context);
  }
  await sweep(quarantineFolder(file), context);
  await sweep(snapshotsOf(file), context);
  await complete(file, options, context);
  try {
    return await openFile(file, options, context);
  } catch (thrown) {
    if (!isUnsupported(thrown)) throw thrown;
    // Nothing to migrate: either it cannot be, or another process has just done it.
    const earlier = await adopt(file, options, context);
    const store = await openFile(earlier?.store ?? file, options, context);
    if (earlier !== undefined) store.report = { ...store.report, earlier };
    return store;
  }
}

/** Without the marker of a killed process it costs one look. */
async function complete(
  file: string,
  { lockDeadlineMs, onProblem }: OpenStoreOptions,
  context: Context,
): Promise<void> {
  if (!(await isThere(switchMarker(file)))) return;
  const waiting = await whileLocked(file, lockDeadlineMs, context, () => completeSwitch(file, context));
  for (const problem of waiting) onProblem?.(problem);
}

async function openFile(file: string, options: OpenStoreOptions, context: Context): Promise<FileStore> {
  const adapter = new StoreAdapter(file, context);
  const store = new FileStore({
    adapter,
    snapshots: new SnapshotFolder(file, context, () => adapter.key),
    context,
    lock: lockIn(`${file}.lock`, context),
    lockDeadlineMs: options.lockDeadlineMs ?? LOCK_DEADLINE_MS,
    problems: new Problems(options.onProblem ?? (() => undefined)),
  });
  // Watching begins before the first look, so that nothing falls between the two.
  store.watching = watchFolder(dirname(file), options.pollMs ?? POLL_MS, () => store.look());
  const error = await store.open();
  if (error === undefined) return store;
  await store.close();
  throw new Fault(error);
}

const isUnsupported = (thrown: unknown): boolean =>
  thrown instanceof Fault &&
  thrown.failure.code === "STORE_UNSUPPORTED" &&
  !["newer", "damaged-seal"].includes(thrown.failure.details.shape);

/** A file of an earlier shape: one that was named stays its plugin's, our own is migrated in its place. */
async function adopt(
  file: string,
  options: OpenStoreOptions,
  context: Context,
): Promise<EarlierOrigin | undefined> {
  if (options.file === undefined) {
    return whileLocked(file, options.lockDeadlineMs, context, () => migrateInPlace(file, context));
  }
  const store = besideOf(file);
  if (await hasStore(store)) return { file, store };
  return whileLocked(store, options.lockDeadlineMs, context, async () =>
    (await hasStore(store)) ? { file, store } : importBeside(file, store, options.earlierPassphrase, context),
  );
}
