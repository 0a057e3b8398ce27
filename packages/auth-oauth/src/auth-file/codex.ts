import { err, ok, type Result } from "neverthrow";
import type { ImportError } from "../errors.ts";
import { isObject, parseJsonObject } from "../json-object.ts";
import { invalidField, withoutLogin, type Origin } from "./failures.ts";
import type { ImportedLogin } from "./kind.ts";
import { readLogin } from "./login.ts";
import { hasTokens, type TokenHolder } from "./token-fields.ts";

/**
 * Reads the login out of the text of the Codex CLI's `auth.json`, of today's form or an earlier one.
 *
 * An API key beside the tokens is ignored.
 *
 * @param path the file the text came from, for failures
 * @returns the one login, or `AUTH_FILE_INVALID`, `AUTH_FILE_WITHOUT_LOGIN`
 */
export function parseCodexAuthFile(text: string, path?: string): Result<ImportedLogin[], ImportError> {
  const origin: Origin = { kind: "codex-auth-json", path };
  return findCodexTokens(text, origin)
    .andThen((tokens) => readLogin(origin, tokens))
    .map((login) => [login]);
}

/** Finds the tokens: under `tokens`, or at top level in early files. */
export function findCodexTokens(text: string, origin: Origin): Result<TokenHolder, ImportError> {
  const root = parseJsonObject(text);
  if (root === undefined) return err(invalidField(origin, "", "a JSON object"));
  const { tokens, OPENAI_API_KEY: apiKey, auth_mode: mode } = root;
  if (tokens !== undefined && tokens !== null && !isObject(tokens)) {
    return err(invalidField(origin, "tokens", "an object"));
  }
  if (isObject(tokens) && hasTokens(tokens)) return ok({ root, holder: tokens, name: "tokens" });
  if (hasTokens(root)) return ok({ root, holder: root, name: "" });
  const hasApiKey = (typeof apiKey === "string" && apiKey !== "") || mode === "apikey";
  return err(
    hasApiKey
      ? withoutLogin(origin, "api-key", "OPENAI_API_KEY")
      : withoutLogin(origin, "signed-out", "tokens"),
  );
}
