import { rename } from "node:fs/promises";
import type { FileHandle } from "node:fs/promises";
import type { BigIntStats } from "node:fs";
import { dirname } from "node:path";
import { removeIfThere } from "./claim.ts";
import type { Context } from "./context.ts";
import { failureOf, writing } from "./fault.ts";
import type { StoreError } from "../errors.ts";
import { close, createOwn, orClose, ownStats, requireReplaceable } from "./safe-file.ts";
import { openFolder } from "./safe-folder.ts";
import { mintToken } from "./token.ts";

/** What a file is to hold from now on. */
export interface Replacement {
  readonly path: string;
  readonly text: string | Uint8Array;
}

/** The steps that touch the disk. */
export interface WriteSteps {
  create(path: string): Promise<FileHandle>;
  write(file: FileHandle, text: string | Uint8Array): Promise<void>;
  sync(file: FileHandle): Promise<void>;
  rename(from: string, to: string): Promise<void>;
  remove(path: string): Promise<void>;
  openFolder(path: string): Promise<FileHandle | undefined>;
  syncFolder(folder: FileHandle | undefined): Promise<void>;
}

export const diskSteps: WriteSteps = {
  create: createOwn,
  write: (file, text) => file.writeFile(text),
  sync: (file) => file.sync(),
  rename: (from, to) => rename(from, to),
  remove: removeIfThere,
  openFolder,
  syncFolder: async (folder) => folder?.sync(),
};

/** The first file is in place; `incomplete` tells what failed after that. */
export interface Replaced {
  /** Still open on the first file. */
  readonly handle: FileHandle;
  /** What that file was right before it got its name: nothing can fail between the two. */
  readonly stats: BigIntStats;
  readonly incomplete?: StoreError;
}

/**
 * Replaces files of one folder: each is written and fsynced under a temporary name, then all are renamed, then the
 * folder is fsynced. A reader, or a crash at any moment, meets each file old or new, never in between.
 *
 * All are written before the first is renamed, so a full disk leaves every old file and no temporary one.
 *
 * @throws {Fault} when nothing was replaced
 */
export async function replaceFiles(
  files: readonly [Replacement, ...Replacement[]],
  context: Context,
  steps: WriteSteps = diskSteps,
): Promise<Replaced> {
  const temps = files.map((file) => ({ ...file, temp: `${file.path}.tmp-${mintToken(context.random)}` }));
  const handles: Temp[] = [];
  const folder = dirname(files[0].path);
  // What can be done beside the writing is done beside it: a write lasts as long as others wait for it.
  const opening = writing(folder, steps.openFolder(folder));
  let replaced = 0;
  try {
    const looking = Promise.allSettled([
      opening,
      ...files.map(({ path }) => requireReplaceable(path, context.uid)),
    ]);
    const written = await Promise.allSettled(temps.map((temp) => writeTemp(temp, steps)));
    for (const result of written) if (result.status === "fulfilled") handles.push(result.value);
    for (const result of [...(await looking), ...written])
      if (result.status === "rejected") throw result.reason;
    for (const { temp, path } of temps) {
      await writing(path, steps.rename(temp, path));
      replaced += 1;
    }
    await writing(folder, steps.syncFolder(await opening));
    return await keepFirst(handles);
  } catch (thrown) {
    await Promise.allSettled(temps.slice(replaced).map(({ temp }) => steps.remove(temp)));
    if (replaced > 0) return { ...(await keepFirst(handles)), incomplete: failureOf(thrown) };
    await Promise.allSettled(handles.map(({ handle }) => close(handle)));
    throw thrown;
  } finally {
    // Nobody has to wait for that.
    void opening.then(close).catch(() => undefined);
  }
}

type Temp = Pick<Replaced, "handle" | "stats">;

async function writeTemp(file: Replacement & { temp: string }, steps: WriteSteps): Promise<Temp> {
  const handle = await writing(file.path, steps.create(file.temp));
  return orClose(handle, async () => {
    await writing(file.path, steps.write(handle, file.text));
    const [stats] = await Promise.all([ownStats(file.path, handle), writing(file.path, steps.sync(handle))]);
    return { handle, stats };
  });
}

async function keepFirst([first, ...others]: readonly Temp[]): Promise<Temp> {
  await Promise.allSettled(others.map(({ handle }) => close(handle)));
  if (first === undefined) throw new Error("a replacement without a file");
  return first;
}
