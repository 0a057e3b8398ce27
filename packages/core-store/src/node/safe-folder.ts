import { chmod, lstat, mkdir, open, readdir, type FileHandle } from "node:fs/promises";
import { dirname } from "node:path";
import { errnoOf, reading, unsafe, writing } from "./fault.ts";
import { isThere } from "./is-there.ts";
import { close, isWide, requireOwner, type Uid } from "./safe-file.ts";

const FOLDER_MODE = 0o700;
const STICKY = 0o1000;

/**
 * Makes sure that a folder exists, is ours and is closed to others: created 0700, a wider mode is narrowed.
 *
 * @param isOurs tells by its names whether an open folder is for us alone; any other is refused as it is
 */
export async function ensureFolder(
  path: string,
  uid: Uid,
  isOurs: (names: readonly string[]) => boolean = () => true,
): Promise<void> {
  await makeFolder(path);
  const stats = await reading(path, lstat(path));
  if (stats.isSymbolicLink()) throw unsafe(path, "symlink");
  if (!stats.isDirectory()) throw unsafe(path, "not-a-folder");
  requireOwner(path, stats.uid, uid);
  // Narrowing /tmp or the root would break the machine for everybody.
  if ((stats.mode & STICKY) !== 0 || dirname(path) === path) throw unsafe(path, "shared-folder");
  if (!isWide(stats.mode, uid)) return;
  if (!isOurs(await reading(path, readdir(path)))) throw unsafe(path, "not-for-us-alone");
  await writing(path, chmod(path, FOLDER_MODE));
}

/** Makes a folder's entries survive a power cut. */
export async function syncFolder(path: string): Promise<void> {
  const handle = await openFolder(path);
  try {
    await handle?.sync();
  } finally {
    await close(handle);
  }
}

/** Opens a folder to sync it. Windows cannot open folders, and needs no such call. */
export const openFolder = async (path: string): Promise<FileHandle | undefined> =>
  process.platform === "win32" ? undefined : open(path);

/** The names in a folder; none where there is no folder. */
export const namesIn = async (folder: string): Promise<string[]> =>
  readdir(folder).catch((thrown: unknown): Promise<string[]> | string[] =>
    errnoOf(thrown) === "ENOENT" ? [] : reading(folder, Promise.reject(thrown)),
  );

async function makeFolder(path: string): Promise<void> {
  // What cannot be looked at is refused below, as what cannot be made.
  if (await isThere(path).catch(() => false)) return;
  if (dirname(path) !== path) await makeFolder(dirname(path));
  try {
    await mkdir(path, { mode: FOLDER_MODE });
    // The umask may have taken away even our own access.
    await chmod(path, FOLDER_MODE);
  } catch (thrown) {
    if (errnoOf(thrown) !== "EEXIST") await writing(path, Promise.reject(thrown));
  }
}
