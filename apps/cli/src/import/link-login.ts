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

/** What became of a login. */
export interface LinkReport {
  readonly alias: Alias;
  readonly email: string | undefined;
  readonly outcome: Linked["outcome"];
}

interface Wishes {
  readonly alias: Alias | undefined;
  /** Only find out what would be done. */
  readonly dryRun: boolean;
  readonly now: EpochMs;
}

/** Puts one login into the store, as a new account or into the one that it belongs to. */
export function linkLogin(
  store: PoolStore,
  login: ImportedLogin,
  { alias, dryRun, now }: Wishes,
): ResultAsync<LinkReport, Failure> {
  const linking = {
    login,
    alias,
    id: accountId(randomUUID()),
    // A login without readable claims is still known by the refresh token that both hold.
    same: (account: ImportedLogin) =>
      sameIdentity(account, login) || account.refreshToken === login.refreshToken,
    now,
  };
  const report = ({ alias: called, outcome }: Linked): LinkReport => ({
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
