import { err, ok, type Result } from "neverthrow";
import type { Account } from "./account.ts";
import type { Actor } from "./actor.ts";
import { failure, type Failure } from "./failure.ts";
import { withoutForce } from "./force.ts";
import type { StoreV2 } from "./store.ts";
import type { EpochMs } from "./time.ts";

/** No account has this alias; the person chooses one that exists. */
export type AccountNotFound = Failure<"ACCOUNT_NOT_FOUND", { alias: string }>;
/** The account is already enabled, or already disabled; nothing was changed. */
export type AlreadyInState = Failure<"ALREADY_IN_STATE", { alias: string; enabled: boolean }>;
/** Without this account nothing could serve a request; the person says so explicitly, or keeps it. */
export type LastEnabledAccount = Failure<"LAST_ENABLED_ACCOUNT", { alias: string }>;

/**
 * Makes an account selectable again and forgets who disabled it, when and why.
 *
 * @returns the new state, `ACCOUNT_NOT_FOUND` or `ALREADY_IN_STATE`
 */
export function enableAccount(
  store: StoreV2,
  alias: string,
): Result<StoreV2, AccountNotFound | AlreadyInState> {
  return findAccount(store, alias).andThen((account) => {
    if (account.enabled) return err(alreadyInState(account));
    const { disabledAt: _at, disabledBy: _by, disableReason: _why, ...kept } = account;
    return ok(withAccount(store, { ...kept, enabled: true }));
  });
}

/** Who disables an account, why, and whether the pool may be left without any. */
export interface Disabling {
  readonly actor: Actor;
  readonly reason?: string | undefined;
  /** Disable it even if it is the last one enabled. */
  readonly allowNone?: boolean | undefined;
  readonly now: EpochMs;
}

/**
 * Takes an account out of every selection, probe and refresh. A force on it ends.
 *
 * @returns the new state, `ACCOUNT_NOT_FOUND`, `ALREADY_IN_STATE` or `LAST_ENABLED_ACCOUNT`
 */
export function disableAccount(
  store: StoreV2,
  alias: string,
  { actor, reason, allowNone = false, now }: Disabling,
): Result<StoreV2, AccountNotFound | AlreadyInState | LastEnabledAccount> {
  return findAccount(store, alias).andThen((account) => {
    if (!account.enabled) return err(alreadyInState(account));
    if (!allowNone && enabledCount(store) === 1) return err(lastEnabled(account));
    const { disableReason: _former, ...kept } = account;
    const disabled: Account = {
      ...kept,
      enabled: false,
      disabledAt: now,
      disabledBy: actor,
      ...(reason !== undefined && { disableReason: reason }),
    };
    return ok(unforced(withAccount(store, disabled), alias));
  });
}

/**
 * Takes an account and all that names it out of the store: the active and the forced alias, its conversations,
 * its place in the rotation, its weight and reserve.
 *
 * @returns the new state, or `ACCOUNT_NOT_FOUND`
 */
export function removeAccount(store: StoreV2, alias: string): Result<StoreV2, AccountNotFound> {
  return findAccount(store, alias).map((account) => withoutAccount(store, account));
}

function withoutAccount(store: StoreV2, { id, alias }: Account): StoreV2 {
  const { settings, affinity = {} } = store;
  const conversations = Object.entries(affinity).filter(([, bound]) => bound.accountId !== id);
  return {
    ...unforced(store, alias),
    accounts: without(store.accounts, alias),
    activeAlias: store.activeAlias === alias ? null : store.activeAlias,
    rotation: { ...store.rotation, current: without(store.rotation.current, id) },
    settings: {
      ...settings,
      ...(settings.accountWeights && { accountWeights: without(settings.accountWeights, alias) }),
      ...(settings.reservePercent && { reservePercent: without(settings.reservePercent, alias) }),
    },
    ...(store.affinity && { affinity: Object.fromEntries(conversations) }),
  };
}

/** The account of an alias. An alias such as `constructor` finds only an account really called so. */
export function findAccount(store: StoreV2, alias: string): Result<Account, AccountNotFound> {
  const account = Object.entries(store.accounts).find(([name]) => name === alias)?.[1];
  return account
    ? ok(account)
    : err(failure("ACCOUNT_NOT_FOUND", `no account is called "${alias}"`, { alias }));
}

export function withAccount(store: StoreV2, account: Account): StoreV2 {
  return { ...store, accounts: { ...store.accounts, [account.alias]: account } };
}

/** Ends the force of this account and brings back the strategy that held before it. */
const unforced = (store: StoreV2, alias: string): StoreV2 =>
  store.forcedAlias === alias ? withoutForce(store) : store;

function without<V>(record: Readonly<Record<string, V>>, key: string): Record<string, V> {
  return Object.fromEntries(Object.entries(record).filter(([name]) => name !== key));
}

const enabledCount = (store: StoreV2): number =>
  Object.values(store.accounts).filter((account) => account.enabled).length;

const alreadyInState = ({ alias, enabled }: Account): AlreadyInState =>
  failure("ALREADY_IN_STATE", `"${alias}" is already ${enabled ? "enabled" : "disabled"}`, {
    alias,
    enabled,
  });

const lastEnabled = ({ alias }: Account): LastEnabledAccount =>
  failure("LAST_ENABLED_ACCOUNT", `"${alias}" is the last enabled account`, { alias });
