import type { StoreError } from "../errors.ts";
import type { StoreKey } from "../key-source.ts";
import { parseSealed } from "../sealed-format.ts";
import type { Context } from "./context.ts";
import { isUnsafe } from "./fault.ts";
import { readOwn } from "./safe-file.ts";
import { putFiles, sealFile } from "./seal-file.ts";
import { isKeyFault, openBytes } from "./sealed-bytes.ts";
import { lastGoodOf, twinsOf } from "./twins.ts";

/** What encrypting or decrypting a store did. */
export interface Switched {
  /** Files that were rewritten: the store, and every copy that was of the other form. */
  readonly rewritten: readonly string[];
  /** Copies that stay as they were, and why. */
  readonly untouched: readonly { readonly file: string; readonly why: string }[];
}

/** Gives all copies of a store but its last known good one the form that the store itself has. */
export async function switchTwins(
  file: string,
  target: StoreKey | undefined,
  context: Context,
): Promise<Switched & { readonly closed: readonly StoreError[] }> {
  const rewritten: string[] = [];
  const untouched: { file: string; why: string }[] = [];
  const closed: StoreError[] = [];
  for (const twin of await twinsOf(file)) {
    if (twin === lastGoodOf(file)) continue;
    try {
      const done =
        target === undefined ? await unsealFile(twin, context) : await sealFile(twin, target, context);
      if (done === "damaged") untouched.push({ file: twin, why: "it is encrypted and damaged" });
      else if (done) rewritten.push(twin);
    } catch (thrown) {
      // A disk that refuses ends it: tried again, it goes on.
      if (!isKeyFault(thrown) && !isUnsafe(thrown)) throw thrown;
      if (isKeyFault(thrown)) closed.push(thrown.failure);
      untouched.push({ file: twin, why: thrown.failure.message });
    }
  }
  return { rewritten, untouched, closed };
}

async function unsealFile(path: string, context: Context): Promise<boolean | "damaged"> {
  const bytes = await readOwn(path, context.uid);
  if (bytes === undefined || parseSealed(bytes).kind === "plain") return false;
  const opened = await openBytes(path, bytes, context.keys);
  if (opened.kind !== "bytes") return "damaged";
  await putFiles([{ path, text: opened.bytes }], context);
  return true;
}
