import { err, ok, type Result } from "neverthrow";
import type { Account } from "./account.ts";
import { findAccount, withAccount, type AccountNotFound } from "./account-changes.ts";
import type { AliasTaken } from "./account-linking.ts";
import { failure, type Failure } from "./failure.ts";
import type { Alias } from "./ids.ts";
import type { StoreV2 } from "./store.ts";

/** A tag or a note that is not what it must be. */
export type DetailsInvalid = Failure<"DETAILS_INVALID", { field: "tags" | "notes"; constraint: string }>;

/** What a person writes on an account. What is not named stays. */
export interface AccountDetails {
  /** All of them; none clears them. */
  readonly tags?: readonly string[] | undefined;
  /** An empty one clears it. */
  readonly notes?: string | undefined;
}

const MOST_TAGS = 20;
const LONGEST_NOTE = 2_000;
const TAG = /^[^\s,\p{C}]{1,32}$/u;

/**
 * Changes an account's alias, wherever it is named: as the active or the forced one, with a weight or a reserve. Its id
 * stays, and with it conversations, rotation and history.
 *
 * @returns the new state, `ACCOUNT_NOT_FOUND` or `ALIAS_TAKEN`
 */
export function renameAccount(
  store: StoreV2,
  from: string,
  to: Alias,
): Result<StoreV2, AccountNotFound | AliasTaken> {
  return findAccount(store, from).andThen((account) => {
    if (account.alias === to) return ok(store);
    if (Object.hasOwn(store.accounts, to)) {
      return err(failure("ALIAS_TAKEN", `another account is already called "${to}"`, { alias: to }));
    }
    return ok(renamed(store, account, to));
  });
}

function renamed(store: StoreV2, account: Account, to: Alias): StoreV2 {
  const from = account.alias;
  const { settings } = store;
  return {
    ...store,
    accounts: rekeyed({ ...store.accounts, [from]: { ...account, alias: to } }, from, to),
    activeAlias: store.activeAlias === from ? to : store.activeAlias,
    forcedAlias: store.forcedAlias === from ? to : store.forcedAlias,
    settings: {
      ...settings,
      ...(settings.accountWeights && { accountWeights: rekeyed(settings.accountWeights, from, to) }),
      ...(settings.reservePercent && { reservePercent: rekeyed(settings.reservePercent, from, to) }),
    },
  };
}

/** The same values, one of them under another key. An alias may be `__proto__`: nothing is assigned. */
function rekeyed<V>(record: Readonly<Record<string, V>>, from: string, to: string): Record<string, V> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key === from ? to : key, value]));
}

/**
 * Replaces an account's tags or notes.
 *
 * @returns the new state, `ACCOUNT_NOT_FOUND` or `DETAILS_INVALID`
 */
export function describeAccount(
  store: StoreV2,
  alias: string,
  { tags, notes }: AccountDetails,
): Result<StoreV2, AccountNotFound | DetailsInvalid> {
  const unique = tags && [...new Set(tags)];
  if (unique !== undefined && (unique.length > MOST_TAGS || !unique.every((tag) => TAG.test(tag)))) {
    const constraint = `at most ${MOST_TAGS} tags of 1 to 32 characters, without spaces and commas`;
    return err(invalid("tags", constraint));
  }
  if (notes !== undefined && notes.length > LONGEST_NOTE) {
    return err(invalid("notes", `at most ${LONGEST_NOTE} characters`));
  }
  return findAccount(store, alias).map((account) => {
    const { notes: former, ...kept } = account;
    const text = notes ?? former;
    return withAccount(store, {
      ...kept,
      ...(unique !== undefined && { tags: unique }),
      ...(text !== undefined && text !== "" && { notes: text }),
    });
  });
}

const invalid = (field: "tags" | "notes", constraint: string): DetailsInvalid =>
  failure("DETAILS_INVALID", `${field}: ${constraint}`, { field, constraint });
