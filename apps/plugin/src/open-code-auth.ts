import { readFile } from "node:fs/promises";
import { authEntry, type AuthEntry } from "./placeholder.ts";

/**
 * Reads OpenCode's own entry for `openai`, from where OpenCode reads it.
 *
 * @returns undefined where it cannot be told; then nothing must be written over it
 */
export async function openAiEntry(
  env: Readonly<Record<string, string | undefined>>,
  authFile: string,
): Promise<AuthEntry | undefined> {
  const inline = env["OPENCODE_AUTH_CONTENT"];
  try {
    const entries: unknown = JSON.parse(inline || (await readFile(authFile, "utf8")));
    if (typeof entries !== "object" || entries === null || Array.isArray(entries)) return undefined;
    return authEntry("openai" in entries ? entries.openai : undefined);
  } catch (thrown) {
    return thrown instanceof Error && "code" in thrown && thrown.code === "ENOENT" ? "none" : undefined;
  }
}
