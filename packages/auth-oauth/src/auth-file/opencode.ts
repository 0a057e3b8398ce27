import { err, ok, type Result } from "neverthrow";
import type { ImportError } from "../errors.ts";
import { isObject, parseJsonObject } from "../json-object.ts";
import { invalidField, withoutLogin, type Origin } from "./failures.ts";
import type { ImportedLogin } from "./kind.ts";
import { readLogin } from "./login.ts";
import { hasTokens, spellingOf, type TokenHolder } from "./token-fields.ts";

/** OpenCode's provider id for ChatGPT logins. */
const PROVIDER = "openai";
/** The access token of the entry that our plugin seeds, so that OpenCode calls it at all. */
const PLACEHOLDER = "open-multi-auth";

/**
 * Reads the login out of the text of OpenCode's `auth.json`: its entry `openai`. Other providers are ignored.
 *
 * @param path the file the text came from, for failures
 * @returns the one login, or `AUTH_FILE_INVALID`, `AUTH_FILE_WITHOUT_LOGIN`
 */
export function parseOpenCodeAuthFile(text: string, path?: string): Result<ImportedLogin[], ImportError> {
  const origin: Origin = { kind: "opencode-auth-json", path };
  return findOpenCodeTokens(text, origin)
    .andThen((tokens) => readLogin(origin, tokens))
    .map((login) => [login]);
}

/** Finds the tokens in the entry of the provider. */
export function findOpenCodeTokens(text: string, origin: Origin): Result<TokenHolder, ImportError> {
  const root = parseJsonObject(text);
  if (root === undefined) return err(invalidField(origin, "", "a JSON object"));
  const entry = root[PROVIDER];
  if (entry === undefined || entry === null) return err(withoutLogin(origin, "signed-out", PROVIDER));
  if (!isObject(entry)) return err(invalidField(origin, PROVIDER, "an object"));
  if (entry["type"] === "api") return err(withoutLogin(origin, "api-key", PROVIDER));
  if (!hasTokens(entry)) return err(withoutLogin(origin, "signed-out", PROVIDER));
  const access = spellingOf(entry, "accessToken");
  if (access !== undefined && entry[access] === PLACEHOLDER) {
    return err(withoutLogin(origin, "placeholder", `${PROVIDER}.${access}`));
  }
  return ok({ root, holder: entry, name: PROVIDER });
}
