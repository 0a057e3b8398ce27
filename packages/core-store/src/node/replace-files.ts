import { rename } from "node:fs/promises";
import type { FileHandle } from "node:fs/promises";
import type { BigIntStats } from "node:fs";
import { dirname } from "node:path";
import { removeIfThere } from "./claim.ts";
import type { Context } from "./context.ts";
import { failureOf, reading, writing } from "./fault.ts";
import type { StoreError } from "../errors.ts";
import { createOwn, requireReplaceable } from "./safe-file.ts";
import { syncFolder } from "./safe-folder.ts";
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
  syncFolder(path: string): Promise<void>;
}

export const diskSteps: WriteSteps = {
  create: createOwn,
  write: (file, text) => file.writeFile(text),
  sync: (file) => file.sync(),
  rename: (from, to) => rename(from, to),
  remove: removeIfThere,
  syncFolder,
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
  let replaced = 0;
  try {
    const looking = Promise.allSettled(files.map(({ path }) => requireReplaceable(path, context.uid)));
    const written = await Promise.allSettled(temps.map((temp) => writeTemp(temp, steps)));
    for (const result of written) if (result.status === "fulfilled") handles.push(result.value);
    for (const result of [...(await looking), ...written])
      if (result.status === "rejected") throw result.reason;
    for (const { temp, path } of temps) {
      await writing(path, steps.rename(temp, path));
      replaced += 1;
    }
    const folder = dirname(files[0].path);
    await writing(folder, steps.syncFolder(folder));
    return await keepFirst(handles);
  } catch (thrown) {
    await Promise.allSettled(temps.slice(replaced).map(({ temp }) => steps.remove(temp)));
    if (replaced > 0) return { ...(await keepFirst(handles)), incomplete: failureOf(thrown) };
    await Promise.allSettled(handles.map(({ handle }) => handle.close()));
    throw thrown;
  }
}

type Temp = Pick<Replaced, "handle" | "stats">;

async function writeTemp(file: Replacement & { temp: string }, steps: WriteSteps): Promise<Temp> {
  const handle = await writing(file.path, steps.create(file.temp));
  try {
    await writing(file.path, steps.write(handle, file.text));
    await writing(file.path, steps.sync(handle));
    return { handle, stats: await reading(file.path, handle.stat({ bigint: true })) };
  } catch (thrown) {
    await Promise.allSettled([handle.close()]);
    throw thrown;
  }
}

async function keepFirst([first, ...others]: readonly Temp[]): Promise<Temp> {
  await Promise.allSettled(others.map(({ handle }) => handle.close()));
  if (first === undefined) throw new Error("a replacement without a file");
  return first;
}
