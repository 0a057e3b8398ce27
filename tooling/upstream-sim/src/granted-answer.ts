import { jsonAnswer, type Reply } from "./reply.ts";
import type { SimAccount } from "./state.ts";
import type { TokenSet } from "./tokens.ts";

/** The success answer of the token endpoint (RFC 6749 §5.1), without what this account's answers leave out. */
export function grantedAnswer({ profile }: SimAccount, tokens: TokenSet): Reply {
  const body: Record<string, unknown> = {
    id_token: tokens.idToken,
    access_token: tokens.accessToken,
    refresh_token: tokens.refreshToken,
    token_type: "Bearer",
    expires_in: Math.floor(profile.accessTokenTtlMs / 1000),
  };
  for (const field of profile.omitFromTokenAnswer) delete body[field];
  return jsonAnswer(200, body);
}
