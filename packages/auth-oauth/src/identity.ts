import { epochMs, type EpochMs } from "@open-multi-auth/domain";
import { decodeJwt } from "jose/jwt/decode";
import { isObject, type JsonObject } from "./json-object.ts";

/** Who a token set acts for, as far as its claims tell. */
export interface Identity {
  readonly email?: string | undefined;
  readonly userId?: string | undefined;
  /** The upstream's id of the workspace. */
  readonly accountId?: string | undefined;
  /** The upstream's id of this user in this workspace. */
  readonly accountUserId?: string | undefined;
  readonly planType?: string | undefined;
  /** When the access token expires. */
  readonly expiresAt?: EpochMs | undefined;
}

const LAST_INSTANT_S = 8.64e12;

/**
 * Reads the claims of the id token and, for what that does not tell, of the access token.
 *
 * Signatures are not checked: the claims only name an account, the upstream decides. A malformed token counts as
 * one without claims. `expiresAt` comes from the access token alone, since an id token has a shorter life.
 */
export function identityOf(tokens: { readonly idToken?: string; readonly accessToken: string }): Identity {
  const access = claimsOf(tokens.accessToken);
  const both = [claimsOf(tokens.idToken), access];
  const auth = both.map((claims) => recordOf(claims["https://api.openai.com/auth"]));
  const profile = both.map((claims) => recordOf(claims["https://api.openai.com/profile"]));
  const organizations = both.map((claims) => firstOrganization(claims));
  return compact({
    email: firstText(both, "email") ?? firstText(profile, "email"),
    userId: firstText(auth, "chatgpt_user_id") ?? firstText(auth, "user_id"),
    accountId:
      firstText(both, "chatgpt_account_id") ??
      firstText(auth, "chatgpt_account_id") ??
      firstText(organizations, "id"),
    accountUserId: firstText(auth, "chatgpt_account_user_id"),
    planType: firstText(auth, "chatgpt_plan_type"),
    expiresAt: instantOf(access["exp"]),
  });
}

/**
 * Whether two identities are the same account: the same user in the same workspace.
 *
 * The upstream's id of the pair decides where both know it; else the workspaces must agree (a missing one agrees
 * only with a missing one), and then the user ids or, where one is unknown, the e-mail addresses. The same e-mail
 * in two workspaces is two accounts, and so are two people in one workspace.
 */
export function sameIdentity(a: Identity, b: Identity): boolean {
  if (a.accountUserId !== undefined && b.accountUserId !== undefined) {
    return a.accountUserId === b.accountUserId;
  }
  if (a.accountId !== b.accountId) return false;
  if (a.userId !== undefined && b.userId !== undefined) return a.userId === b.userId;
  return a.email !== undefined && a.email.toLowerCase() === b.email?.toLowerCase();
}

/** From when to when a token is good, as far as its claims tell. */
export function spanOf(token: string): {
  readonly issuedAt: EpochMs | undefined;
  readonly expiresAt: EpochMs | undefined;
} {
  const { iat, exp } = claimsOf(token);
  return { issuedAt: instantOf(iat), expiresAt: instantOf(exp) };
}

function claimsOf(token: string | undefined): JsonObject {
  if (token === undefined) return {};
  try {
    return decodeJwt(token);
  } catch {
    return {};
  }
}

function instantOf(seconds: unknown): EpochMs | undefined {
  const known = typeof seconds === "number" && seconds > 0 && seconds <= LAST_INSTANT_S;
  return known ? epochMs(seconds * 1000) : undefined;
}

function firstOrganization({ organizations }: JsonObject): JsonObject {
  return Array.isArray(organizations) ? recordOf(organizations[0]) : {};
}

function firstText(claims: readonly JsonObject[], name: string): string | undefined {
  return claims
    .map((set) => set[name])
    .find((value): value is string => typeof value === "string" && value !== "");
}

function recordOf(value: unknown): JsonObject {
  return isObject(value) ? value : {};
}

/** Drops what is not known, so that an identity can be spread over an account. */
function compact(identity: Identity): Identity {
  return Object.fromEntries(Object.entries(identity).filter(([, value]) => value !== undefined));
}
