import { err, ok, type Result } from "neverthrow";
import type { ImportError } from "../errors.ts";
import type { JsonObject } from "../json-object.ts";
import { invalidField, type Origin } from "./failures.ts";
import type { AuthFileKind } from "./kind.ts";

/** The spellings that tools and their versions have used; the first is the one of today's Codex CLI. */
const SPELLINGS = {
  accessToken: ["access_token", "accessToken", "access"],
  refreshToken: ["refresh_token", "refreshToken", "refresh"],
  idToken: ["id_token", "idToken", "id"],
  accountId: ["account_id", "accountId"],
  lastRefresh: ["last_refresh", "lastRefresh"],
} as const;
export type TokenField = keyof typeof SPELLINGS;

/** The object inside a file that holds the tokens, and its name in the file (empty for the file itself). */
export interface TokenHolder {
  readonly root: JsonObject;
  readonly holder: JsonObject;
  readonly name: string;
}

/** How this object spells a field: the first spelling that has a value. */
export function spellingOf(object: JsonObject, field: TokenField): string | undefined {
  return SPELLINGS[field].find((name) => object[name] !== undefined && object[name] !== null);
}

/** How this file's tool spells a field today; OpenCode's spellings are the last ones. */
export function usualSpelling(kind: AuthFileKind, field: TokenField): string {
  return String(SPELLINGS[field].at(kind === "codex-auth-json" ? 0 : -1));
}

/** Whether there is anything like a login in this object. */
export function hasTokens(object: JsonObject): boolean {
  return (["accessToken", "refreshToken"] as const).some((field) => {
    const name = spellingOf(object, field);
    return name !== undefined && object[name] !== "";
  });
}

/** The text of a field; undefined where it is absent, null or empty. */
export function readText(
  origin: Origin,
  { holder, name: prefix }: TokenHolder,
  field: TokenField,
): Result<string | undefined, ImportError> {
  const name = spellingOf(holder, field);
  const value = name === undefined ? undefined : holder[name];
  if (value === undefined || value === "") return ok(undefined);
  if (typeof value === "string") return ok(value);
  return err(invalidField(origin, pathOf(prefix, String(name)), "a text"));
}

/** A field's name as it stands in the file. */
export const pathOf = (prefix: string, name: string): string => (prefix === "" ? name : `${prefix}.${name}`);
