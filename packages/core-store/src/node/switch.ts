import { dirname } from "node:path";
import { failure } from "@open-multi-auth/domain";
import type { StoreError } from "../errors.ts";
import type { StoreKey } from "../key-source.ts";
import { parseSealed } from "../sealed-format.ts";
import { removeIfThere } from "./claim.ts";
import type { Context } from "./context.ts";
import { Fault, writing } from "./fault.ts";
import { isThere } from "./is-there.ts";
import { unsupported } from "./load.ts";
import type { Replacement } from "./replace-files.ts";
import { readOwn } from "./safe-file.ts";
import { syncFolder } from "./safe-folder.ts";
import { putFiles } from "./seal-file.ts";
import { dressed, isKeyFault, openBytes, type Opened } from "./sealed-bytes.ts";
import { sameKey } from "./store-key.ts";
import { switchTwins, type Switched } from "./switch-twins.ts";
import { lastGoodOf, switchMarker } from "./twins.ts";

/**
 * Gives the store and all its copies another form: sealed under `key`, or plain. Under the store's lock.
 *
 * The store's file goes first, and with it the decision. A marker that is there from before until after tells whoever
 * opens the store that copies remain to be rewritten. Killed at any moment, the store opens in the form of its file.
 *
 * @param key what a plain store is sealed under; one that is sealed keeps its own
 */
export async function switchStore(
  file: string,
  key: StoreKey | undefined,
  context: Context,
): Promise<Switched> {
  const main = await openMain(file, context);
  const target = key === undefined ? undefined : (main.key ?? key);
  await putFiles([{ path: switchMarker(file), text: "" }], context);
  const first = await switchMain(file, main, target, context);
  const { rewritten, untouched } = await switchTwins(file, target, context);
  await removeMarker(file);
  return { rewritten: [...first, ...rewritten], untouched };
}

/** Gives all copies the form that the store's file has. Under the store's lock. */
export async function alignCopies(
  file: string,
  context: Context,
): Promise<Switched & { readonly closed: readonly StoreError[] }> {
  const main = await openMain(file, context);
  const first = await switchMain(file, main, main.key, context);
  const twins = await switchTwins(file, main.key, context);
  if (twins.closed.length === 0) await removeMarker(file);
  return { ...twins, rewritten: [...first, ...twins.rewritten] };
}

/**
 * Finishes what a killed process began, under the store's lock; to be called where there is a marker.
 *
 * @returns why copies must wait, such as for a key
 */
export async function completeSwitch(file: string, context: Context): Promise<readonly StoreError[]> {
  const bytes = (await isThere(switchMarker(file))) ? await readOwn(file, context.uid) : undefined;
  // A lost or broken file is recovered first; the marker waits for the next opening.
  if (bytes === undefined || ["damaged", "newer"].includes(parseSealed(bytes).kind)) return [];
  return (await alignCopies(file, context)).closed;
}

type Whole = Extract<Opened, { kind: "bytes" }>;

async function openMain(file: string, context: Context): Promise<Whole> {
  const bytes = await readOwn(file, context.uid);
  if (bytes === undefined) {
    const details = { path: file, errno: "ENOENT" };
    throw new Fault(failure("STORE_UNREADABLE", `there is no store ${file}`, details));
  }
  const opened = await openBytes(file, bytes, context.keys);
  if (opened.kind === "bytes") return opened;
  const shape = opened.kind === "newer" ? "newer" : "damaged-seal";
  throw unsupported(file, { kind: "foreign", shape });
}

/** The file and its last known good copy change together, as in every write. */
async function switchMain(
  file: string,
  main: Whole,
  target: StoreKey | undefined,
  context: Context,
): Promise<string[]> {
  const copy = await lastGood(file, main, context);
  const files: Replacement[] = [{ path: file, ...main }, ...(copy === undefined ? [] : [copy])]
    .filter(({ key }) => key === "another" || !sameKey(key, target))
    .map(({ path, bytes }) => ({ path, text: dressed(bytes, target) }));
  const [first, ...others] = files;
  if (first !== undefined) await putFiles([first, ...others], context);
  return files.map(({ path }) => path);
}

interface Copy {
  readonly path: string;
  readonly bytes: Uint8Array;
  readonly key: StoreKey | undefined | "another";
}

/** What cannot be opened is made anew of the file that it is a copy of. */
async function lastGood(file: string, main: Whole, context: Context): Promise<Copy | undefined> {
  const path = lastGoodOf(file);
  const bytes = await readOwn(path, context.uid);
  if (bytes === undefined) return undefined;
  const anew: Copy = { path, bytes: main.bytes, key: "another" };
  try {
    const opened = await openBytes(path, bytes, context.keys);
    return opened.kind === "bytes" ? { path, ...opened } : anew;
  } catch (thrown) {
    if (isKeyFault(thrown)) return anew;
    throw thrown;
  }
}

async function removeMarker(file: string): Promise<void> {
  await writing(file, removeIfThere(switchMarker(file)));
  await writing(file, syncFolder(dirname(file)));
}
