import type { AccountProfile } from "./account.ts";

export interface TokenSet {
  readonly accessToken: string;
  readonly refreshToken: string;
  readonly idToken: string;
  /** When the access token expires, epoch ms of the simulator's clock. */
  readonly expiresAt: number;
}

/** The public client of the upstream's own command line. */
export const clientId = "app_EMoamEEZ73f0CkXaXp7hrann";

/** Mints a token set; `serial` must differ for every set, so that no two tokens are alike. */
export function mintTokenSet(profile: AccountProfile, serial: string, now: number): TokenSet {
  const issuedAt = Math.floor(now / 1000);
  const expiresAt = (issuedAt + Math.floor(profile.accessTokenTtlMs / 1000)) * 1000;
  const common = {
    iss: "https://auth.openai.com",
    sub: `auth0|${profile.userId}`,
    iat: issuedAt,
    exp: expiresAt / 1000,
    jti: serial,
    "https://api.openai.com/auth": authClaims(profile),
  };
  return {
    accessToken: encodeJwt({
      ...common,
      aud: ["https://api.openai.com/v1"],
      client_id: clientId,
      scp: ["openid", "profile", "email", "offline_access"],
      "https://api.openai.com/profile": { email: profile.email, email_verified: true },
    }),
    refreshToken: `rt_sim_${profile.alias}_${serial}`,
    idToken: encodeJwt({ ...common, aud: [clientId], email: profile.email, email_verified: true }),
    expiresAt,
  };
}

function authClaims({ userId, accountId, planType }: AccountProfile): Record<string, unknown> {
  return {
    chatgpt_account_id: accountId,
    chatgpt_plan_type: planType,
    chatgpt_user_id: userId,
    user_id: userId,
    chatgpt_account_user_id: `${userId}__${accountId}`,
    organizations: [],
  };
}

// Shaped like a JWT, signed by nobody: the simulator knows its tokens by heart.
function encodeJwt(claims: Record<string, unknown>): string {
  const header = { alg: "RS256", typ: "JWT", kid: "upstream-sim" };
  return [JSON.stringify(header), JSON.stringify(claims), "simulated-signature"]
    .map((part) => Buffer.from(part).toString("base64url"))
    .join(".");
}
