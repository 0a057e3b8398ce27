import { sameIdentity } from "@open-multi-auth/auth-oauth";
import type { SameAccount } from "@open-multi-auth/core-store";

/** A login without readable claims is still known by the refresh token that both hold. */
export const sameAccount: SameAccount = (a, b) => sameIdentity(a, b) || a.refreshToken === b.refreshToken;
