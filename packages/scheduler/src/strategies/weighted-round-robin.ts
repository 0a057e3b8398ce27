import type { Account, RotationState, Settings } from "@open-multi-auth/domain";
import { weightOf } from "../weights.ts";
import type { Field, Placement } from "./strategy.ts";

/**
 * Smooth weighted round robin: each eligible account gains its share, and the one that is used pays back 1.
 *
 * A balance is by how many placements an account is behind its share. Among those behind, the one that would be a
 * whole placement behind first is used, so weights 5, 1, 1 give a a a b a a c. To use the largest balance, as nginx
 * does, lets accounts drift more than one placement from their share when many weights are small.
 * Balances are counted in placements, not in weight, so they stay meaningful when weights or members change.
 *
 * @see R. Tijdeman, The chairman assignment problem (1980)
 */
export function weightedRoundRobin(field: Field): Placement {
  const { eligible, settings, rotation } = field;
  const standings = standingsOf(eligible, settings, rotation);
  standings.sort(byUrgency);
  const [first] = standings;
  const current = balancesOf(field.accounts, rotation);
  for (const { account, balance } of standings) current[account.id] = balance;
  if (first) current[first.account.id] = first.balance - 1;
  return { order: standings.map(({ account }) => account), rotation: { ...rotation, current } };
}

interface Standing {
  readonly account: Account;
  readonly balance: number;
  /** Placements until the account is a whole one behind; those not behind at all come after the others. */
  readonly deadline: number;
}

function standingsOf(eligible: readonly Account[], settings: Settings, rotation: RotationState): Standing[] {
  let total = 0;
  for (const { alias } of eligible) total += weightOf(settings, alias);
  return eligible.map((account) => {
    const share = weightOf(settings, account.alias) / total;
    const balance = balanceOf(rotation, account) + share;
    return { account, balance, deadline: balance > 0 ? (1 - balance) / share : Infinity };
  });
}

function byUrgency(a: Standing, b: Standing): number {
  return a.deadline === b.deadline ? b.balance - a.balance : a.deadline - b.deadline;
}

/** The balances of the accounts that are still linked. */
function balancesOf(accounts: readonly Account[], rotation: RotationState): Record<string, number> {
  const current: Record<string, number> = {};
  for (const account of accounts) current[account.id] = balanceOf(rotation, account);
  return current;
}

function balanceOf({ current }: RotationState, { id }: Account): number {
  return Object.hasOwn(current, id) ? (current[id] ?? 0) : 0;
}
