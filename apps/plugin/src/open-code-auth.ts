import { readFile } from "node:fs/promises";
import { authEntry, PLACEHOLDER, type AuthEntry } from "./placeholder.ts";

type Env = Readonly<Record<string, string | undefined>>;

/**
 * Reads OpenCode's own entry for `openai`, from where OpenCode reads it.
 *
 * @returns undefined where it cannot be told; then nothing must be written over it
 */
export async function openAiEntry(env: Env, authFile: string): Promise<AuthEntry | undefined> {
  const read = await readEntry(env, authFile);
  return read && authEntry(read.entry);
}

/** What a sign-in ends with: OpenCode writes it as its `openai` entry. */
export type LoginResult =
  | { type: "success"; refresh: string; access: string; expires: number; accountId?: string }
  | { type: "success"; key: string; metadata?: Record<string, string> }
  | { type: "failed" };

/**
 * What OpenCode is to write after a sign-in of ours: the entry that it has, word for word, so that a login or key of the
 * person's is not lost; without one our placeholder. Where that cannot be told, nothing.
 */
export async function openAiLogin(env: Env, authFile: string): Promise<LoginResult> {
  const read = await readEntry(env, authFile);
  if (!read) return { type: "failed" };
  const { entry } = read;
  const kind = authEntry(entry);
  if (kind === "none" || kind === "placeholder") {
    const { access, refresh, expires } = PLACEHOLDER;
    return { type: "success", access, refresh, expires };
  }
  const { refresh, access, expires, accountId, key, metadata } = isObject(entry) ? entry : {};
  if (kind === "oauth" && isText(refresh) && isText(access) && typeof expires === "number") {
    return { type: "success", refresh, access, expires, ...(isText(accountId) && { accountId }) };
  }
  if (!isText(key)) return { type: "failed" };
  return { type: "success", key, ...(isTexts(metadata) && { metadata }) };
}

async function readEntry(env: Env, authFile: string): Promise<{ entry: unknown } | undefined> {
  const inline = env["OPENCODE_AUTH_CONTENT"];
  try {
    const entries: unknown = JSON.parse(inline || (await readFile(authFile, "utf8")));
    if (typeof entries !== "object" || entries === null || Array.isArray(entries)) return undefined;
    return { entry: "openai" in entries ? entries.openai : undefined };
  } catch (thrown) {
    const missing = thrown instanceof Error && "code" in thrown && thrown.code === "ENOENT";
    return missing ? { entry: undefined } : undefined;
  }
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null;

const isText = (value: unknown): value is string => typeof value === "string";

const isTexts = (value: unknown): value is Record<string, string> =>
  isObject(value) && Object.values(value).every(isText);
