import { readFile, stat } from "node:fs/promises";
import { dirname } from "node:path";
import { ENVIRONMENT_PREFIX, epochMs, failure, type EpochMs } from "@open-multi-auth/domain";
import type { StoreUnsupported } from "../errors.ts";
import type { StoreKey } from "../key-source.ts";
import { migrateStore } from "../migrations/migrate.ts";
import type { Migrated } from "../migrations/types.ts";
import { isFields } from "../migrations/values.ts";
import type { EarlierOrigin } from "../pool-store.ts";
import { storeText } from "../store-text.ts";
import type { Context } from "./context.ts";
import { Fault, reading, writing } from "./fault.ts";
import { isThere } from "./is-there.ts";
import { linkFile } from "./link-file.ts";
import { quarantine } from "./quarantine.ts";
import { readEarlierStore } from "./read-earlier-store.ts";
import { readOwn } from "./safe-file.ts";
import { syncFolder } from "./safe-folder.ts";
import { putFiles, sealFile } from "./seal-file.ts";
import { dressed } from "./sealed-bytes.ts";
import { keyAmong, lastGoodOf, twinsOf } from "./twins.ts";

/**
 * Migrates a store of ours that has an earlier shape, in its place; the earlier file stays beside it. Called under
 * the store's lock.
 *
 * @returns `undefined` when the file is nothing that can be migrated; it is then as it was
 */
export async function migrateInPlace(file: string, context: Context): Promise<EarlierOrigin | undefined> {
  const json = jsonOf(await readOwn(file, context.uid));
  if (!isFields(json) || Number(json["version"]) > 2) return undefined;
  const migrated = migrateStore(json, await dateOf(file));
  if (migrated === undefined) return undefined;
  const key = await keyAmong(await twinsOf(file), context);
  const copy = await keepCopy(file, migrated.report.shape);
  const written = await write(file, migrated, key, context);
  if (key !== undefined) await sealFile(copy, key, context);
  return { file: copy, store: file, ...written };
}

/**
 * Makes a store of our own out of one that belongs to an earlier plugin, which is left alone: that plugin neither
 * locks nor keeps what it does not know. Called under the lock of our store.
 */
export async function importBeside(
  earlier: string,
  file: string,
  passphrase: string | undefined,
  context: Context,
): Promise<EarlierOrigin> {
  const read = await readEarlierStore({
    path: earlier,
    at: await dateOf(earlier),
    passphrase: async () => passphrase,
  });
  if (read.isErr()) {
    const encrypted = read.error.code !== "EARLIER_STORE_UNKNOWN";
    throw new Fault(encrypted ? lockedUp(earlier, read.error.message) : foreign(earlier, read.error.message));
  }
  const key = await keyAmong(await twinsOf(file), context);
  return { file: read.value.file, store: file, ...(await write(file, read.value, key, context)) };
}

/** The file of ours that stands in for one of an earlier plugin. */
export const besideOf = (earlier: string): string => `${earlier.replace(/\.json$/, "")}.store.json`;

/** Whether our store, or what it can be restored from, is there. */
export const hasStore = async (file: string): Promise<boolean> =>
  (await isThere(file)) || isThere(lastGoodOf(file));

/** @param key what copies beside it are sealed under: an earlier store put in its place ends no encryption */
async function write(
  file: string,
  { store, report }: Migrated,
  key: StoreKey | undefined,
  context: Context,
): Promise<Pick<EarlierOrigin, "report" | "quarantined">> {
  const quarantined = await quarantine(file, report.broken, context, key);
  const text = dressed(storeText(store), key);
  await putFiles(
    [
      { path: file, text },
      { path: lastGoodOf(file), text },
    ],
    context,
  );
  return { report, quarantined };
}

/** A second name for the file, so that it is never missing; tried again, it is found to be there already. */
async function keepCopy(file: string, shape: string): Promise<string> {
  for (let n = 1; ; n++) {
    const copy = n === 1 ? `${file}.${shape}` : `${file}.${shape}-${n}`;
    if (await linkFile(file, copy)) {
      await writing(copy, syncFolder(dirname(copy)));
      return copy;
    }
    if (await sameBytes(file, copy)) return copy;
  }
}

const sameBytes = async (a: string, b: string): Promise<boolean> =>
  (await reading(a, readFile(a))).equals(await reading(b, readFile(b)));

/** What the file does not date, happened when it was last written: so a migration tried again gives the same. */
const dateOf = async (file: string): Promise<EpochMs> =>
  epochMs(Math.floor((await reading(file, stat(file))).mtimeMs));

function jsonOf(bytes: Uint8Array | undefined): unknown {
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch {
    return undefined;
  }
}

const foreign = (file: string, why: string): StoreUnsupported =>
  failure("STORE_UNSUPPORTED", `${why}; it was left untouched`, {
    file,
    shape: "unknown",
    fix: `point ${ENVIRONMENT_PREFIX}STORE_FILE elsewhere, or move ${file} away`,
  });

const lockedUp = (file: string, why: string): StoreUnsupported =>
  failure("STORE_UNSUPPORTED", `${why}; it was left untouched`, {
    file,
    shape: "encrypted",
    fix:
      `set CODEX_SOFT_STORE_PASSPHRASE for the first start, or unset ${ENVIRONMENT_PREFIX}STORE_FILE and run ` +
      `\`oma import --from ${file}\``,
  });
