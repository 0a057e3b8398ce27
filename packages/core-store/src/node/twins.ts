import { basename, dirname, join } from "node:path";
import type { StoreKey } from "../key-source.ts";
import type { Context } from "./context.ts";
import { quarantineFolder } from "./quarantine.ts";
import { readOwn } from "./safe-file.ts";
import { namesIn } from "./safe-folder.ts";
import { openBytes } from "./sealed-bytes.ts";
import { snapshotsOf } from "./snapshot-folder.ts";

/** There while a store is being encrypted or decrypted; what it is becoming, the store's file itself says. */
export const switchMarker = (file: string): string => `${file}.switching`;

/** The last known good copy of a store. */
export const lastGoodOf = (file: string): string => `${file}.lkg`;

/**
 * Every file beside a store that may hold a login of it: its last known good copy, what was there before a
 * migration, evidence, snapshots, broken accounts, and copies that a person made under the store's name.
 */
export async function twinsOf(file: string): Promise<string[]> {
  const prefix = `${basename(file)}.`;
  const [beside, snapshots, quarantined] = await Promise.all([
    pathsIn(dirname(file), (name) => name.startsWith(prefix) && !NO_TWIN.test(name.slice(prefix.length - 1))),
    pathsIn(snapshotsOf(file), (name) => name.startsWith(prefix) && !TEMPORARY.test(name)),
    pathsIn(quarantineFolder(file), (name) => !TEMPORARY.test(name)),
  ]);
  return [...beside, ...snapshots, ...quarantined];
}

/** The key of the first of these files that is sealed. */
export async function keyAmong(
  files: readonly string[],
  { uid, keys }: Context,
): Promise<StoreKey | undefined> {
  for (const file of files) {
    const bytes = await readOwn(file, uid);
    if (bytes === undefined) continue;
    const opened = await openBytes(file, bytes, keys);
    if (opened.kind !== "newer" && opened.key !== undefined) return opened.key;
  }
  return undefined;
}

const TEMPORARY = /\.tmp-/;
const NO_TWIN = /^\.(lock|switching)|\.tmp-|\.break\./;

const pathsIn = async (folder: string, isTwin: (name: string) => boolean): Promise<string[]> =>
  (await namesIn(folder))
    .filter(isTwin)
    .toSorted()
    .map((name) => join(folder, name));
