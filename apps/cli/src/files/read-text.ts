import { readFile } from "node:fs/promises";

/** What the system says of a file operation that failed: ENOENT, ENOSPC, ... */
export function errnoOf(thrown: unknown): string {
  return thrown instanceof Error && "code" in thrown ? String(thrown.code) : "unknown";
}

/** The file holds bytes that are no UTF-8: written back as text they would be lost. */
export class NotUtf8 extends Error {}

/**
 * The text of a file, its byte order mark included; null where there is none.
 *
 * @throws {NotUtf8} where it is not UTF-8; other refusals of the system as they come
 */
export async function readTextIfThere(path: string): Promise<string | null> {
  const bytes = await readFile(path).catch((thrown: unknown) => {
    if (["ENOENT", "ENOTDIR"].includes(errnoOf(thrown))) return null;
    throw thrown;
  });
  try {
    return bytes && new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (thrown) {
    throw new NotUtf8(`${path} is not UTF-8`, { cause: thrown });
  }
}
