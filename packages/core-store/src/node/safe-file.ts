import { constants } from "node:fs";
import { open, type FileHandle } from "node:fs/promises";
import type { BigIntStats } from "node:fs";
import { errnoOf, reading, unsafe, writing } from "./fault.ts";
import { statsOf } from "./is-there.ts";

export const FILE_MODE = 0o600;

/** Windows has no such flags; the checks of the open file hold there alone. */
const NOFOLLOW = constants.O_NOFOLLOW ?? 0;
const NONBLOCK = constants.O_NONBLOCK ?? 0;

/** The user that files must belong to; `undefined` where there are no such users. */
export type Uid = number | undefined;

/** The user that this process works as. */
export const currentUid = (): Uid => process.geteuid?.();

/** A file opened for reading, and what it was when it was opened. */
export interface OpenFile {
  readonly handle: FileHandle;
  readonly stats: BigIntStats;
}

/** Closes a file; where the system complains it is gone nevertheless, and what counts was read or synced before. */
export async function close(handle: FileHandle | undefined): Promise<void> {
  await handle?.close().catch(() => undefined);
}

/** Opens a file of ours for reading, see {@link openAsIs}; a mode open to others is narrowed. */
export async function openOwn(path: string, uid: Uid): Promise<OpenFile | undefined> {
  const opened = await openAsIs(path, uid);
  if (opened === undefined) return undefined;
  return orClose(opened.handle, async () => {
    await narrow(path, opened, uid);
    return opened;
  });
}

/** Closes an open file to others. */
export async function narrow(path: string, { handle, stats }: OpenFile, uid: Uid): Promise<void> {
  if (isWide(stats.mode, uid)) await writing(path, handle.chmod(FILE_MODE));
}

/**
 * Opens a file of this user for reading and leaves it as it is; `undefined` when there is none.
 *
 * Links, other users' files and anything that is not a regular file are refused: a FIFO would block, a link could
 * lead anywhere.
 */
export async function openAsIs(path: string, uid: Uid): Promise<OpenFile | undefined> {
  const handle = await openNoFollow(path);
  return handle && orClose(handle, async () => ({ handle, stats: await trustedStats(path, handle, uid) }));
}

/** The bytes of a file of ours; `undefined` when there is none. */
export async function readOwn(path: string, uid: Uid): Promise<Uint8Array | undefined> {
  const file = await openOwn(path, uid);
  if (file === undefined) return undefined;
  try {
    return await reading(path, file.handle.readFile());
  } finally {
    await close(file.handle);
  }
}

/** Creates a file that must not exist, closed to others; see {@link ownStats}. The caller closes the handle. */
export async function createOwn(path: string): Promise<FileHandle> {
  const flags = constants.O_CREAT | constants.O_EXCL | constants.O_RDWR | NOFOLLOW;
  return open(path, flags, FILE_MODE).catch((thrown: unknown) => {
    if (errnoOf(thrown) === "EEXIST") throw unsafe(path, "name-taken");
    return writing(path, Promise.reject(thrown));
  });
}

/** What a file that we created is; its mode is made 0600 where an unusual umask took from us what we asked for. */
export async function ownStats(path: string, handle: FileHandle): Promise<BigIntStats> {
  const stats = await reading(path, handle.stat({ bigint: true }));
  await makePrivate(path, handle, stats);
  return stats;
}

/** Opens a file of ours for appending, creating it 0600. The same kinds of path are refused as for reading. */
export async function openToAppend(path: string, uid: Uid): Promise<OpenFile> {
  // Refused before opening: a FIFO would block, a link could lead anywhere.
  await requireReplaceable(path, uid);
  const flags = constants.O_CREAT | constants.O_APPEND | constants.O_RDWR | NOFOLLOW | NONBLOCK;
  const handle = await writing(path, open(path, flags, FILE_MODE));
  return orClose(handle, async () => {
    const stats = await trustedStats(path, handle, uid);
    if (uid !== undefined) await makePrivate(path, handle, stats);
    return { handle, stats };
  });
}

/** What the work gives; the file is closed where it fails. */
export async function orClose<T>(handle: FileHandle, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (thrown) {
    await close(handle);
    throw thrown;
  }
}

/** Refuses to replace anything but a regular file of ours, or nothing at all. */
export async function requireReplaceable(path: string, uid: Uid): Promise<void> {
  const stats = await statsOf(path);
  if (stats === undefined) return;
  if (stats.isSymbolicLink()) throw unsafe(path, "symlink");
  if (!stats.isFile()) throw unsafe(path, "not-a-file");
  requireOwner(path, stats.uid, uid);
}

export function requireOwner(path: string, owner: number | bigint, uid: Uid): void {
  if (uid !== undefined && Number(owner) !== uid) throw unsafe(path, "foreign-owner");
}

/** Whether others than the owner may do anything; meaningless where there are no users. */
export const isWide = (mode: number | bigint, uid: Uid): boolean =>
  uid !== undefined && (Number(mode) & 0o077) !== 0;

/** What an open file is, if it is a regular one of ours. */
async function trustedStats(path: string, handle: FileHandle, uid: Uid): Promise<BigIntStats> {
  const stats = await reading(path, handle.stat({ bigint: true }));
  if (!stats.isFile()) throw unsafe(path, "not-a-file");
  requireOwner(path, stats.uid, uid);
  return stats;
}

async function makePrivate(path: string, handle: FileHandle, { mode }: BigIntStats): Promise<void> {
  if ((Number(mode) & 0o777) !== FILE_MODE) await writing(path, handle.chmod(FILE_MODE));
}

async function openNoFollow(path: string): Promise<FileHandle | undefined> {
  try {
    return await open(path, constants.O_RDONLY | NOFOLLOW | NONBLOCK);
  } catch (thrown) {
    const errno = errnoOf(thrown);
    if (errno === "ENOENT") return undefined;
    if (errno === "ELOOP" || errno === "EMLINK") throw unsafe(path, "symlink");
    if (errno === "ENXIO") throw unsafe(path, "not-a-file");
    return await reading(path, Promise.reject(thrown));
  }
}
