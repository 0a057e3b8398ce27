import { lstat, readdir } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import type { StoreKey } from "../key-source.ts";
import type { Context } from "./context.ts";
import { reading, writing } from "./fault.ts";
import { linkFile } from "./link-file.ts";
import { close, openOwn } from "./safe-file.ts";
import { syncFolder } from "./safe-folder.ts";
import { sealFile } from "./seal-file.ts";

/**
 * Gives an invalid file a second name, `<file>.corrupt-<time>`, before something valid takes its place.
 *
 * A link rather than a rename: the file is never missing, not even for a moment. Opening it narrows its mode.
 *
 * @param key what the store is sealed under, if it is: its evidence is then, too
 * @returns the second name, the same one when a recovery is tried again
 */
export async function keepEvidence(
  file: string,
  context: Context,
  key: StoreKey | undefined,
): Promise<string> {
  const evidence = (await evidenceOf(file, context)) ?? (await linkEvidence(file, context));
  if (key !== undefined) await sealFile(evidence, key, context);
  return evidence;
}

async function linkEvidence(file: string, context: Context): Promise<string> {
  const name = `${file}.corrupt-${fileStamp(context)}`;
  for (let count = 0; ; count += 1) {
    const evidence = count === 0 ? name : `${name}-${count}`;
    if (await linkFile(file, evidence)) {
      await writing(evidence, syncFolder(dirname(evidence)));
      return evidence;
    }
  }
}

async function evidenceOf(file: string, context: Context): Promise<string | undefined> {
  const opened = await openOwn(file, context.uid);
  await close(opened?.handle);
  if (opened === undefined || opened.stats.nlink === 1n) return undefined;
  const folder = dirname(file);
  for (const name of await reading(folder, readdir(folder))) {
    if (!name.startsWith(`${basename(file)}.corrupt-`)) continue;
    const path = join(folder, name);
    if ((await reading(path, lstat(path, { bigint: true }))).ino === opened.stats.ino) return path;
  }
  return undefined;
}

/** The present as part of a file name, on every file system. */
export const fileStamp = ({ clock }: Context): string =>
  new Date(clock.now()).toISOString().replaceAll(":", "-");
