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
export function weightedRoundRobin({ eligible, accounts, settings, rotation }: Field): Placement {
  const current = balancesOf(accounts, rotation);
  const standings = standingsOf(eligible, settings, current);
  const first = standings.reduce((best, one) => (byUrgency(one, best) < 0 ? one : best));
  for (const { account, balance } of standings) current[account.id] = balance;
  current[first.account.id] = first.balance - 1;
  const order = (): readonly Account[] => standings.toSorted(byUrgency).map(({ account }) => account);
  return { first: first.account, order, rotation: { ...rotation, current } };
}

type Balances = Record<string, number>;

interface Standing {
  readonly account: Account;
  readonly share: number;
  readonly balance: number;
  readonly deadline: number;
}

/** A copy of the balances; those of accounts that are gone are dropped once they are more than the accounts. */
function balancesOf(accounts: readonly Account[], { current }: RotationState): Balances {
  if (Object.keys(current).length <= accounts.length) return { ...current };
  const linked = new Set<string>(accounts.map(({ id }) => id));
  return Object.fromEntries(Object.entries(current).filter(([id]) => linked.has(id)));
}

function standingsOf(eligible: readonly Account[], settings: Settings, current: Balances): Standing[] {
  const weights = eligible.map(({ alias }) => weightOf(settings, alias));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return eligible.map((account, index) => {
    const share = (weights[index] ?? 0) / total;
    const balance = (current[account.id] ?? 0) + share;
    return { account, share, balance, deadline: deadlineOf(balance, share) };
  });
}

/**
 * In how many placements the account will be a whole one behind; accounts that are not behind come after all others.
 * Rounded, so that what sums of fractions leave over decides nothing.
 */
function deadlineOf(balance: number, share: number): number {
  const deadline = balance > EPSILON ? (1 - balance) / share : NOT_BEHIND - balance;
  return Math.round(deadline / EPSILON);
}

const EPSILON = 1e-6;
const NOT_BEHIND = 1e9;

function byUrgency(a: Standing, b: Standing): number {
  return a.deadline - b.deadline || b.share - a.share;
}
