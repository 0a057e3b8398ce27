import { constants } from "node:fs";
import { open } from "node:fs/promises";
import type { EpochMs } from "@open-multi-auth/domain";
import { parseAccounts } from "./accounts-file.ts";
import type { AntigravityView } from "./view.ts";

/** Far more than any number of accounts takes. */
const MOST_BYTES = 1_048_576;

/** Reads the file of Antigravity's accounts, and leaves it as it is. */
export async function readAccounts(
  path: string,
  now: EpochMs,
): Promise<Pick<AntigravityView, "file" | "accounts">> {
  const text = await textOf(path);
  if (typeof text !== "string") return { file: text.problem, accounts: [] };
  const accounts = parseAccounts(text, now);
  return accounts === undefined ? { file: "invalid", accounts: [] } : { file: "read", accounts };
}

async function textOf(path: string): Promise<string | { problem: "missing" | "unreadable" }> {
  try {
    // A pipe in its place must not keep us waiting.
    const file = await open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
    try {
      const stats = await file.stat();
      if (!stats.isFile() || stats.size > MOST_BYTES) return { problem: "unreadable" };
      return await file.readFile("utf8");
    } finally {
      await file.close();
    }
  } catch (thrown) {
    const isMissing = thrown instanceof Error && "code" in thrown && thrown.code === "ENOENT";
    return { problem: isMissing ? "missing" : "unreadable" };
  }
}
