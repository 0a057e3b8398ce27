import {
  accountsOf,
  parseAlias,
  type Account,
  type Alias,
  type Credential,
  type StoreV2,
} from "@open-multi-auth/domain";
import { withDecisionsOf, type SameAccount } from "./decisions.ts";
import { changedFields } from "./store-difference.ts";

/** What an import has to go by. */
export interface Importing {
  readonly current: StoreV2;
  readonly backup: StoreV2;
  readonly same: SameAccount;
  /** The backup's names, tags, notes, enabled and settings replace ours. */
  readonly overwrite: boolean;
}

/** The state after an import, and what it leaves as it is. */
export interface ImportPlan {
  readonly store: StoreV2;
  /** Accounts that differ in these fields and were not overwritten. */
  readonly kept: readonly { readonly alias: Alias; readonly fields: readonly string[] }[];
  /** Accounts whose alias belongs to another account here. */
  readonly renamed: readonly { readonly from: Alias; readonly to: Alias }[];
}

/**
 * The state after an import. Accounts that are not here yet are added, under a free alias where theirs is taken.
 *
 * Known accounts change only with `overwrite`, and even then keep whichever login is newer: the older one's refresh
 * token may be used up. Settings change with `overwrite`, or where there is no account yet.
 */
export function planImport({ current, backup, same, overwrite }: Importing): ImportPlan {
  const fresh = accountsOf(current).length === 0;
  const names = new Map<string, Alias>();
  const kept: { alias: Alias; fields: string[] }[] = [];
  let store = current;
  for (const account of accountsOf(backup)) {
    const known = accountsOf(current).find((ours) => ours.id === account.id || same(ours, account));
    const next = known === undefined ? { ...account, alias: freeAlias(store, account.alias) } : known;
    names.set(account.alias, next.alias);
    const merged = known === undefined ? next : overwritten(known, account);
    const fields = known === undefined ? [] : changedFields(known, merged);
    if (known === undefined || overwrite) store = withAccount(store, merged);
    else if (fields.length > 0) kept.push({ alias: known.alias, fields });
  }
  return {
    store: fresh || overwrite ? withSettings(store, backup, names) : store,
    kept,
    renamed: [...names].flatMap(([from, to]) => {
      const added = !accountsOf(current).some(({ alias }) => alias === to);
      return added && from !== to ? [{ from: parseAlias(from).unwrapOr(to), to }] : [];
    }),
  };
}

function overwritten(ours: Account, theirs: Account): Account {
  return withLoginOf(withDecisionsOf(ours, { ...theirs, alias: ours.alias }), theirs);
}

function withLoginOf(ours: Account, theirs: Account): Account {
  if (!isNewer(theirs, ours)) return ours;
  const { idToken: _id, lastRefresh: _at, authInvalid: _is, authInvalidatedAt: _when, ...kept } = ours;
  const { authInvalidReason: _why, ...account } = kept;
  return { ...account, ...loginOf(theirs) };
}

/** The rule of linking: a login that lives longer, or any in the place of one that was refused. */
function isNewer(theirs: Account, ours: Account): boolean {
  if (theirs.authInvalid === true || theirs.refreshToken === ours.refreshToken) return false;
  return ours.authInvalid === true || theirs.expiresAt > ours.expiresAt;
}

const loginOf = ({ accessToken, refreshToken, idToken, expiresAt, lastRefresh }: Account): Credential => ({
  accessToken,
  refreshToken,
  expiresAt,
  ...(idToken !== undefined && { idToken }),
  ...(lastRefresh !== undefined && { lastRefresh }),
});

const withAccount = (store: StoreV2, account: Account): StoreV2 => ({
  ...store,
  accounts: { ...store.accounts, [account.alias]: account },
});

/** The backup's settings, with the aliases that its accounts have here. */
function withSettings(store: StoreV2, backup: StoreV2, names: ReadonlyMap<string, Alias>): StoreV2 {
  const { accountWeights, reservePercent } = backup.settings;
  const named = <V>(record: Readonly<Record<string, V>>): Record<string, V> =>
    Object.fromEntries(Object.entries(record).map(([alias, value]) => [names.get(alias) ?? alias, value]));
  const forced = store.forcedAlias !== null;
  const strategy = backup.previousRotationStrategy ?? backup.rotationStrategy;
  return {
    ...store,
    // Under a force the strategy waits for its end.
    ...(forced ? { previousRotationStrategy: strategy } : { rotationStrategy: strategy }),
    activeAlias: names.get(backup.activeAlias ?? "") ?? store.activeAlias,
    settings: {
      ...store.settings,
      ...backup.settings,
      ...(accountWeights && {
        accountWeights: { ...store.settings.accountWeights, ...named(accountWeights) },
      }),
      ...(reservePercent && {
        reservePercent: { ...store.settings.reservePercent, ...named(reservePercent) },
      }),
    },
  };
}

function freeAlias(store: StoreV2, wanted: Alias): Alias {
  for (let n = 1; ; n += 1) {
    const alias = n === 1 ? wanted : parseAlias(`${wanted.slice(0, 56)}-${n}`).unwrapOr(wanted);
    if (!Object.hasOwn(store.accounts, alias)) return alias;
  }
}
