import type { StoreKey } from "../key-source.ts";
import { parseSealed } from "../sealed-format.ts";
import type { Context } from "./context.ts";
import { Fault } from "./fault.ts";
import { replaceFiles, type Replacement } from "./replace-files.ts";
import { close, readOwn } from "./safe-file.ts";
import { dressed } from "./sealed-bytes.ts";

/**
 * Puts a sealed file in the place of a plain one, whatever it holds.
 *
 * @returns whether it was plain
 */
export async function sealFile(path: string, key: StoreKey, context: Context): Promise<boolean> {
  const bytes = await readOwn(path, context.uid);
  if (bytes === undefined || parseSealed(bytes).kind !== "plain") return false;
  await putFiles([{ path, text: dressed(bytes, key) }], context);
  return true;
}

/** Replaces files of one folder, all of them durably, see {@link replaceFiles}. */
export async function putFiles(
  files: readonly [Replacement, ...Replacement[]],
  context: Context,
): Promise<void> {
  const { handle, incomplete } = await replaceFiles(files, context);
  await close(handle);
  if (incomplete !== undefined) throw new Fault(incomplete);
}
