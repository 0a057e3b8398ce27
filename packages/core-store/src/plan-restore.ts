import { accountsOf, removeAccount, type Account, type StoreV2 } from "@open-multi-auth/domain";
import { withDecisionsOf, type SameAccount } from "./decisions.ts";

/** What a restore has to go by. */
export interface Restoring {
  readonly current: StoreV2;
  /** The state to bring back. */
  readonly past: StoreV2;
  /** Known states between the two, newest first. */
  readonly between: readonly StoreV2[];
  readonly same: SameAccount;
}

/**
 * The state after a restore: members, names, enabled, tags, notes and settings as they were.
 *
 * Refresh tokens are used up by their use. So an account keeps its newest known login and all that was measured of
 * it: its own where it still exists, else that of the newest state which has it. A force ends.
 */
export function planRestore({ current, past, between, same }: Restoring): StoreV2 {
  const members = accountsOf(past);
  const restored = members.map((account) => {
    return withDecisionsOf(newestKnown(account, { members, states: [current, ...between], same }), account);
  });
  const ids = new Set(restored.map(({ id }) => id));
  const gone = accountsOf(current).filter(({ id }) => !ids.has(id));
  const remaining = gone.reduce((store, { alias }) => removeAccount(store, alias).unwrapOr(store), current);
  return {
    ...remaining,
    accounts: Object.fromEntries(restored.map((account) => [account.alias, account])),
    activeAlias: past.activeAlias,
    settings: past.settings,
    rotationStrategy: past.previousRotationStrategy ?? past.rotationStrategy,
    previousRotationStrategy: null,
    forcedAlias: null,
    forcedUntil: null,
    forcedBy: null,
  };
}

interface Known {
  readonly members: readonly Account[];
  readonly states: readonly StoreV2[];
  readonly same: SameAccount;
}

/** An account that was linked anew has another id; one that another member has by its id is not meant. */
function newestKnown(account: Account, { members, states, same }: Known): Account {
  const others = new Set(members.map(({ id }) => id));
  for (const state of states) {
    const accounts = accountsOf(state);
    const found =
      accounts.find(({ id }) => id === account.id) ??
      accounts.find((candidate) => !others.has(candidate.id) && same(candidate, account));
    if (found !== undefined) return found;
  }
  return account;
}
