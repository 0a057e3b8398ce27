import type { Account, EpochMs, Random, RotationState, Settings } from "@open-multi-auth/domain";
import type { Counts } from "../state.ts";

/** What a strategy chooses from. */
export interface Field {
  /** At least one eligible account, in the order of linking. */
  readonly eligible: readonly Account[];
  /** Every account of the pool. */
  readonly accounts: readonly Account[];
  readonly settings: Settings;
  readonly rotation: RotationState;
  readonly inFlight: Counts;
  readonly sessions: Counts;
  readonly now: EpochMs;
  readonly random: Random;
}

/** What a strategy says. */
export interface Placement {
  /** The account to use. */
  readonly first: Account;
  /** All of the eligible accounts, `first` ahead; worked out when it is asked for. */
  readonly order: () => readonly Account[];
  /** The fairness state after using `first`. */
  readonly rotation: RotationState;
}

/** A rule that orders eligible accounts. */
export type PlacementRule = (field: Field) => Placement;

/** The account that stands before all others; among equals the earliest. */
export function foremost(accounts: readonly Account[], compare: (a: Account, b: Account) => number): Account {
  let best = accountAt(accounts, 0);
  for (const account of accounts) if (compare(account, best) < 0) best = account;
  return best;
}

/** The account at an index that a rule worked out. */
export function accountAt(accounts: readonly Account[], index: number): Account {
  const account = accounts[index];
  if (!account) throw new Error("a strategy placed on no account out of some");
  return account;
}
