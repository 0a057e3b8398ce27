import type { Account, StoreV2 } from "@open-multi-auth/domain";

/** What becomes different between two states. Names of fields only: no value, so no token, is in it. */
export interface StoreDifference {
  /** Aliases of accounts that come. */
  readonly added: readonly string[];
  /** Aliases of accounts that go. */
  readonly removed: readonly string[];
  /** Accounts that stay and change; `login` stands for all fields of the credential. */
  readonly changed: readonly { readonly alias: string; readonly fields: readonly string[] }[];
  /** Settings that change, the strategy, the active account and force among them. */
  readonly settings: readonly string[];
}

/** What becomes different between two states, statistics of the rotation apart. */
export function storeDifference(before: StoreV2, after: StoreV2): StoreDifference {
  const old = new Map(Object.values(before.accounts).map((account) => [account.id, account]));
  const fresh = new Set(Object.values(after.accounts).map(({ id }) => id));
  const changed = Object.values(after.accounts).flatMap((account) => {
    const former = old.get(account.id);
    const fields = former === undefined ? [] : changedFields(former, account);
    return fields.length === 0 ? [] : [{ alias: account.alias, fields }];
  });
  return {
    added: Object.values(after.accounts).flatMap(({ id, alias }) => (old.has(id) ? [] : [alias])),
    removed: Object.values(before.accounts).flatMap(({ id, alias }) => (fresh.has(id) ? [] : [alias])),
    changed,
    settings: [
      ...differing(topLevel(before), topLevel(after)),
      ...differing(before.settings, after.settings),
    ],
  };
}

/** Whether there is no difference at all. */
export const isEmptyDifference = ({ added, removed, changed, settings }: StoreDifference): boolean =>
  added.length + removed.length + changed.length + settings.length === 0;

const LOGIN = new Set(["accessToken", "refreshToken", "idToken", "expiresAt", "lastRefresh"]);

/** The fields of an account that differ. */
export function changedFields(before: Account, after: Account): string[] {
  const names = differing(before, after).map((name) => (LOGIN.has(name) ? "login" : name));
  return [...new Set(names)];
}

const topLevel = (store: StoreV2): object => ({
  rotationStrategy: store.rotationStrategy,
  activeAlias: store.activeAlias,
  forcedAlias: store.forcedAlias,
});

function differing(before: object, after: object): string[] {
  const old = new Map<string, unknown>(Object.entries(before));
  const fresh = new Map<string, unknown>(Object.entries(after));
  return [...new Set([...old.keys(), ...fresh.keys()])].filter(
    (name) => JSON.stringify(old.get(name)) !== JSON.stringify(fresh.get(name)),
  );
}
