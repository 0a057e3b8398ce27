import type { AccountView } from "@open-multi-auth/upstream-sim";

/** The `auth.json` of a person who is signed in to this simulated account, as the Codex CLI 0.169 writes it. */
export function codexLogin({ accountId, tokens }: AccountView, lastRefresh: Date): object {
  return {
    auth_mode: "chatgpt",
    OPENAI_API_KEY: null,
    tokens: {
      id_token: tokens.idToken,
      access_token: tokens.accessToken,
      refresh_token: tokens.refreshToken,
      // Without it the Codex CLI takes a renewed login for another account's.
      account_id: accountId,
    },
    last_refresh: lastRefresh.toISOString(),
  };
}
