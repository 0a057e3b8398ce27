import type { Account } from "@open-multi-auth/domain";
import { isObject, type JsonObject } from "../json-object.ts";

/** An account with all that the Codex CLI wants to see: without an id token it cannot read its file at all. */
export type CodexLogin = Pick<Account, "accessToken" | "refreshToken" | "accountId"> & {
  readonly idToken: string;
  /** ISO-8601. */
  readonly lastRefresh: string;
};

/** What belongs to a login and not to the tool: gone with the login that it came with. */
const OWNED = new Set([
  "id_token",
  "access_token",
  "refresh_token",
  "account_id",
  "last_refresh",
  "login_owner_id",
  // As earlier versions spelled them.
  "idToken",
  "accessToken",
  "refreshToken",
  "accountId",
  "lastRefresh",
]);

/**
 * The content of the Codex CLI's `auth.json` with another login in it. Whatever is none of a login's stays, an API key
 * too; the mode says that the login goes first.
 */
export function withCodexLogin(root: JsonObject, login: CodexLogin): JsonObject {
  const tokens = isObject(root["tokens"]) ? root["tokens"] : {};
  return {
    OPENAI_API_KEY: null,
    ...withoutLogin(root),
    auth_mode: "chatgpt",
    tokens: {
      ...withoutLogin(tokens),
      id_token: login.idToken,
      access_token: login.accessToken,
      refresh_token: login.refreshToken,
      ...(login.accountId !== undefined && { account_id: login.accountId }),
    },
    last_refresh: login.lastRefresh,
  };
}

const withoutLogin = (object: JsonObject): JsonObject =>
  Object.fromEntries(Object.entries(object).filter(([name]) => !OWNED.has(name)));
