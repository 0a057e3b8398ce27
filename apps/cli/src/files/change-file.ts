import { failure, type Failure } from "@open-multi-auth/domain";
import { err, ok, type Result } from "neverthrow";
import { randomUUID } from "node:crypto";
import {
  access,
  constants,
  mkdir,
  open,
  readlink,
  realpath,
  rename,
  rm,
  rmdir,
  stat,
} from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { errnoOf, NotUtf8, readTextIfThere } from "./read-text.ts";

/** A text file as it is and as it shall be; null stands for no file. */
export interface FileChange {
  readonly path: string;
  readonly before: string | null;
  readonly after: string | null;
  /** Of a file that is made; one that is there keeps its own. */
  readonly mode?: number;
}

/** The file or its folder cannot be written; it is as it was. */
export type ConfigUnwritable = Failure<"CONFIG_UNWRITABLE", { path: string; errno: string }>;
/** Somebody else wrote the file in the meantime; it is as they left it. */
export type ConfigChanged = Failure<"CONFIG_CHANGED", { path: string }>;
export type ChangeError = ConfigUnwritable | ConfigChanged;

/**
 * Replaces a file as a whole or not at all. Its mode stays; a symbolic link stays one, its target is replaced.
 *
 * @returns the topmost folder that had to be made for it, if any
 */
export async function changeFile(change: FileChange): Promise<Result<string | undefined, ChangeError>> {
  const { path, before, after, mode = 0o644 } = change;
  try {
    const target = before === null ? await targetOf(path) : await realpath(path);
    const made = await mkdir(dirname(target), { recursive: true });
    const kept = before === null ? undefined : await writable(target);
    if (kept === "read-only") return err(unwritable(path, "EACCES"));
    if ((await readTextIfThere(target)) !== before) return err(changed(path));
    if (after === null) await rm(target, { force: true });
    else await replace(target, after, kept ?? { mode });
    return ok(made);
  } catch (thrown) {
    return err(thrown instanceof NotUtf8 ? changed(path) : unwritable(path, errnoOf(thrown)));
  }
}

/** Where a file is made: also through a symbolic link whose target is not there yet. */
async function targetOf(path: string): Promise<string> {
  const link = await readlink(path).catch(() => undefined);
  return link === undefined ? path : resolve(dirname(path), link);
}

/** Removes the folders that were made for a file, as far as nothing else has come into them. */
export async function removeMadeFolders(path: string, made: string): Promise<void> {
  for (let folder = dirname(path); folder.startsWith(made); folder = dirname(folder)) {
    try {
      await rmdir(folder);
    } catch {
      return;
    }
  }
}

/** What a new file in place of this one takes over from it. */
interface Kept {
  readonly mode: number;
  readonly owner?: { readonly uid: number; readonly gid: number };
}

/** A file is replaced by its folder's permissions; its own count as well, for root too. */
async function writable(path: string): Promise<Kept | "read-only"> {
  await access(path, constants.W_OK);
  const { mode, uid, gid } = await stat(path);
  if ((mode & 0o222) === 0) return "read-only";
  const isOthers = process.platform !== "win32" && uid !== process.geteuid?.();
  return { mode: mode & 0o777, ...(isOthers && { owner: { uid, gid } }) };
}

async function replace(target: string, text: string, { mode, owner }: Kept): Promise<void> {
  const temporary = `${target}.${randomUUID()}.tmp`;
  try {
    const file = await open(temporary, "wx", mode);
    try {
      await file.writeFile(text);
      if (owner) await file.chown(owner.uid, owner.gid);
      await file.chmod(mode);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, target);
  } finally {
    await rm(temporary, { force: true });
  }
}

const unwritable = (path: string, errno: string): ConfigUnwritable =>
  failure("CONFIG_UNWRITABLE", `${path} cannot be written (${errno})`, { path, errno });

const changed = (path: string): ConfigChanged =>
  failure("CONFIG_CHANGED", `${path} was changed by something else at the same moment`, { path });
