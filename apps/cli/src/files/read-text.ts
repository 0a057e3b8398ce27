import { readFile } from "node:fs/promises";

/** What the system says of a file operation that failed: ENOENT, ENOSPC, ... */
export function errnoOf(thrown: unknown): string {
  return thrown instanceof Error && "code" in thrown ? String(thrown.code) : "unknown";
}

/** The text of a file; null where there is none. Other refusals of the system are thrown. */
export async function readTextIfThere(path: string): Promise<string | null> {
  try {
    return await readFile(path, "utf8");
  } catch (thrown) {
    if (["ENOENT", "ENOTDIR"].includes(errnoOf(thrown))) return null;
    throw thrown;
  }
}
