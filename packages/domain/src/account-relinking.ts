import { err, ok, type Result } from "neverthrow";
import { newAccount, type Account, type NewAccount } from "./account.ts";
import { findAccount, withAccount, type AccountNotFound } from "./account-changes.ts";
import { failure, type Failure } from "./failure.ts";
import { accountsOf, type StoreV2 } from "./store.ts";
import type { EpochMs } from "./time.ts";

/** The login belongs to an account that is linked already under another alias; nothing was changed. */
export type AccountAlreadyLinked = Failure<"ACCOUNT_ALREADY_LINKED", { alias: string; email?: string }>;
/** The login is another account's than the alias stands for; nothing was changed until the person confirms. */
export type IdentityMismatch = Failure<
  "IDENTITY_MISMATCH",
  { alias: string; expected?: string; signedInAs?: string }
>;

/** A new login for an alias that there is. */
export interface Relinking {
  readonly login: NewAccount;
  readonly alias: string;
  /** Tells whether an account is the one that the login belongs to. */
  readonly same: (account: Account) => boolean;
  /** The person confirmed that the alias may come to stand for another account. */
  readonly allowOtherAccount: boolean;
  readonly now: EpochMs;
}

/**
 * Gives an account a new login; alias, tags, notes, history and whether it is enabled stay, and so does every other
 * account. A login of another account is refused unless that was confirmed, and if it is linked already even then.
 *
 * @returns the new state, `ACCOUNT_NOT_FOUND`, `IDENTITY_MISMATCH` or `ACCOUNT_ALREADY_LINKED`
 */
export function relinkAccount(
  store: StoreV2,
  { login, alias, same, allowOtherAccount, now }: Relinking,
): Result<StoreV2, AccountNotFound | AccountAlreadyLinked | IdentityMismatch> {
  const found = findAccount(store, alias);
  if (found.isErr()) return err(found.error);
  const account = found.value;
  const other = accountsOf(store).find((candidate) => candidate.id !== account.id && same(candidate));
  if (same(account)) return ok(withAccount(store, renewed(account, login)));
  if (!allowOtherAccount) return err(identityMismatch(account, login, other));
  return other ? err(alreadyLinked(other)) : ok(withAccount(store, replaced(account, login, now)));
}

/** A login that is linked already, to the account that it belongs to. */
export function alreadyLinked({ alias, email }: Account): AccountAlreadyLinked {
  return failure("ACCOUNT_ALREADY_LINKED", `this login is already linked as "${alias}"`, {
    alias,
    ...(email !== undefined && { email }),
  });
}

function renewed(account: Account, login: NewAccount): Account {
  const {
    idToken: _old,
    lastRefresh: _then,
    authInvalid: _invalid,
    authInvalidatedAt: _at,
    authInvalidReason: _why,
    ...kept
  } = account;
  return { ...kept, ...login };
}

/** What was measured, counted and shared was the other account's; what the person wrote and decided stays. */
function replaced(account: Account, login: NewAccount, now: EpochMs): Account {
  const { id, alias, addedAt, tags, notes, enabled, disabledAt, disabledBy, disableReason } = account;
  return {
    ...newAccount(id, alias, login, now),
    addedAt,
    tags,
    enabled,
    ...(notes !== undefined && { notes }),
    ...(disabledAt !== undefined && { disabledAt }),
    ...(disabledBy !== undefined && { disabledBy }),
    ...(disableReason !== undefined && { disableReason }),
  };
}

function identityMismatch(
  { alias, email }: Account,
  login: NewAccount,
  other: Account | undefined,
): IdentityMismatch {
  const who = login.email ?? "another account";
  const linked = other === undefined ? "" : `, which is linked as "${other.alias}"`;
  const meant = email === undefined || email === login.email ? "another account" : email;
  const workspace = email !== undefined && email === login.email ? " in another workspace" : "";
  const message = `you signed in as ${who}${workspace}${linked}; "${alias}" stands for ${meant}`;
  return failure("IDENTITY_MISMATCH", message, {
    alias,
    ...(email !== undefined && { expected: email }),
    ...(login.email !== undefined && { signedInAs: login.email }),
  });
}
