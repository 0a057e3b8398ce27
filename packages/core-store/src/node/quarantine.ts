import { createHash } from "node:crypto";
import { dirname, join } from "node:path";
import type { AccountQuarantined } from "../errors.ts";
import type { StoreKey } from "../key-source.ts";
import type { BrokenAccount } from "../parse-store.ts";
import type { Context } from "./context.ts";
import { ensureFolder } from "./safe-folder.ts";
import { putFiles } from "./seal-file.ts";
import { dressed } from "./sealed-bytes.ts";

/** Where the broken accounts of a store go. */
export const quarantineFolder = (store: string): string => join(dirname(store), "quarantine");

/**
 * Puts broken accounts, whole, into `quarantine/` beside the store. They are on disk before this resolves.
 *
 * @param key what the store is sealed under, if it is
 */
export async function quarantine(
  store: string,
  broken: readonly BrokenAccount[],
  context: Context,
  key: StoreKey | undefined,
): Promise<AccountQuarantined["details"][]> {
  if (broken.length === 0) return [];
  const folder = quarantineFolder(store);
  await ensureFolder(folder, context.uid);
  const kept: AccountQuarantined["details"][] = [];
  for (const account of broken) kept.push(await put(folder, account, context, key));
  return kept;
}

async function put(
  folder: string,
  { alias, issues, entry }: BrokenAccount,
  context: Context,
  key: StoreKey | undefined,
): Promise<AccountQuarantined["details"]> {
  const text = `${JSON.stringify({ alias, issues, account: entry }, null, 2)}\n`;
  // Named by what it holds, so that a recovery that is tried again leaves one file. The alias may be what is
  // broken: it is no path until it is harmless.
  const digest = createHash("sha256").update(text).digest("hex").slice(0, 12);
  const name = alias.replaceAll(/[^A-Za-z0-9._-]/g, "_").slice(0, 64);
  const path = join(folder, `${name}-${digest}.json`);
  await putFiles([{ path, text: dressed(text, key) }], context);
  return { alias, issues, file: path };
}
