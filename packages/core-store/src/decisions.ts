import type { Account, AccountId, StoreV2 } from "@open-multi-auth/domain";

/** Tells whether two entries are the same account: the same user in the same workspace. */
export type SameAccount = (a: Account, b: Account) => boolean;

/** An account as it is, with what a person decided about it (name, enabled, tags, notes) taken from another copy. */
export function withDecisionsOf(account: Account, decided: Account): Account {
  const { disabledAt: _at, disabledBy: _by, disableReason: _why, notes: _notes, ...kept } = account;
  const { alias, enabled, tags, disabledAt, disabledBy, disableReason, notes } = decided;
  return {
    ...kept,
    alias,
    enabled,
    tags,
    ...(disabledAt !== undefined && { disabledAt }),
    ...(disabledBy !== undefined && { disabledBy }),
    ...(disableReason !== undefined && { disableReason }),
    ...(notes !== undefined && { notes }),
  };
}

/**
 * Whether a change undoes something that people decided: an account that was there is gone or has another name,
 * state, tags or notes, or the settings are others. A further account undoes nothing.
 */
export function changesDecisions(before: StoreV2, after: StoreV2): boolean {
  if (before === after) return false;
  if (settingsIn(before) !== settingsIn(after)) return true;
  const accounts = byId(after);
  return Object.values(before.accounts).some((account) => {
    const next = accounts.get(account.id);
    return next === undefined || (next !== account && decisionsOn(next) !== decisionsOn(account));
  });
}

/** Whether an account of one state is in the other no more; its login would be lost with it. */
export function losesAccount(before: StoreV2, after: StoreV2): boolean {
  const accounts = byId(after);
  return Object.values(before.accounts).some(({ id }) => !accounts.has(id));
}

const byId = ({ accounts }: StoreV2): Map<AccountId, Account> =>
  new Map(Object.values(accounts).map((account) => [account.id, account]));

/** A flag shows or hides a panel: turned on and off again it leaves nothing but its audit entries. */
function settingsIn({ settings, activeAlias, rotationStrategy, previousRotationStrategy }: StoreV2): string {
  const { featureFlags: _flags, ...decided } = settings;
  return JSON.stringify([decided, activeAlias, previousRotationStrategy ?? rotationStrategy]);
}

const decisionsOn = ({ alias, enabled, disableReason, tags, notes }: Account): string =>
  JSON.stringify([alias, enabled, disableReason, tags, notes]);
