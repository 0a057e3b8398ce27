import { identityOf, sameIdentity } from "@open-multi-auth/auth-oauth";
import type { Account } from "@open-multi-auth/domain";

/**
 * An account with what its tokens tell and its store did not. What the store says goes first: one login may stand
 * there for several workspaces, of which the token names only one.
 */
export function withClaims(account: Account): Account {
  const { expiresAt, accountUserId, ...claims } = identityOf({
    accessToken: account.accessToken,
    ...(account.idToken !== undefined && { idToken: account.idToken }),
  });
  const sameWorkspace = account.accountId === undefined || account.accountId === claims.accountId;
  const known = Object.fromEntries(Object.entries(claims).filter(([, value]) => value !== undefined));
  return {
    ...known,
    ...(sameWorkspace && accountUserId !== undefined && { accountUserId }),
    ...account,
    ...(account.expiresAt === 0 && expiresAt !== undefined && { expiresAt }),
  };
}

/**
 * Whether two are one account. Without claims they are still known by the refresh token that both hold or, once one
 * of them was renewed, by the id: the same entry of the same store always gets the same one.
 */
export function isSame(a: Account, b: Account): boolean {
  if (sameIdentity(a, b)) return true;
  if (differ(a.accountId, b.accountId) || differ(a.email, b.email)) return false;
  return a.id === b.id || (a.refreshToken !== "" && a.refreshToken === b.refreshToken);
}

const differ = (a: string | undefined, b: string | undefined): boolean =>
  a !== undefined && b !== undefined && a !== b;
