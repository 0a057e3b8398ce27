import { sameIdentity, type ImportedLogin } from "@open-multi-auth/auth-oauth";
import type { PoolStore } from "@open-multi-auth/core-store";
import {
  accountId,
  linkAccount,
  type Alias,
  type EpochMs,
  type Failure,
  type Linked,
} from "@open-multi-auth/domain";
import { okAsync, type ResultAsync } from "neverthrow";
import { randomUUID } from "node:crypto";

/** What became of a login that another tool had. */
export interface LoginLinked {
  readonly alias: Alias;
  readonly email: string | undefined;
  readonly outcome: Linked["outcome"];
}

/** How {@link linkLogin} is to link it. */
export interface LoginWish {
  /** What to call it; without one it is called after its e-mail address. */
  readonly alias?: Alias | undefined;
  /** Only find out what would be done. */
  readonly dryRun?: boolean;
  readonly now: EpochMs;
}

/**
 * Puts one login of another tool's file into the store, as a new account or into the one that it belongs to.
 *
 * @returns what became of it; `ALIAS_TAKEN`, or the store's failure
 */
export function linkLogin(
  store: PoolStore,
  login: ImportedLogin,
  { alias, dryRun = false, now }: LoginWish,
): ResultAsync<LoginLinked, Failure> {
  const linking = {
    login,
    alias,
    id: accountId(randomUUID()),
    // A login without readable claims is still known by the refresh token that both hold.
    same: (account: ImportedLogin) =>
      sameIdentity(account, login) || account.refreshToken === login.refreshToken,
    now,
  };
  const report = ({ alias: called, outcome }: Linked): LoginLinked => ({
    alias: called,
    email: login.email,
    outcome,
  });
  if (dryRun)
    return okAsync(store.state())
      .andThen((state) => linkAccount(state, linking))
      .map(report);
  let linked: Linked | undefined;
  return store
    .update((state) => linkAccount(state, linking).map((done) => (linked = done).store))
    .map(() => report(linked!));
}
