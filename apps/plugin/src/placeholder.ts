/**
 * OpenCode runs a provider's loader only where it has an auth entry for it. Without a login of its own we put this
 * one there. It holds no secret, and `oma uninstall` knows it by its access token.
 */
export const PLACEHOLDER = {
  type: "oauth",
  access: "open-multi-auth",
  refresh: "open-multi-auth",
  // The year 3000: OpenCode never tries to refresh it.
  expires: 32_503_680_000_000,
} as const;

/** What OpenCode's `openai` entry means for us. */
export type AuthEntry = "none" | "placeholder" | "oauth" | "api";

/** Classifies the entry that OpenCode has for `openai`; anything that is not OAuth is the person's own key. */
export function authEntry(entry: unknown): AuthEntry {
  if (typeof entry !== "object" || entry === null) return "none";
  if (!("type" in entry) || entry.type !== "oauth") return "api";
  return "access" in entry && entry.access === PLACEHOLDER.access ? "placeholder" : "oauth";
}
