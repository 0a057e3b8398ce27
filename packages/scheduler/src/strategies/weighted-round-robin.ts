import type { Account, RotationState } from "@open-multi-auth/domain";
import { weightOf } from "../weights.ts";
import { bestIndex, ranked, valueAt } from "./ranking.ts";
import { accountAt, type Field, type Placement } from "./strategy.ts";

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
  const { eligible, accounts, rotation } = field;
  const { shares, balances, deadlines } = standingsOf(field);
  const compare = (a: number, b: number): number =>
    valueAt(deadlines, a) - valueAt(deadlines, b) || valueAt(shares, b) - valueAt(shares, a);
  const best = bestIndex(eligible.length, 0, compare);
  const first = accountAt(eligible, best);
  const current = balancesOf(accounts, rotation);
  for (const [index, { id }] of eligible.entries()) current[id] = valueAt(balances, index);
  current[first.id] = valueAt(balances, best) - 1;
  return { first, order: () => ranked(eligible, 0, compare), rotation: { ...rotation, current } };
}

type Balances = Record<string, number>;

/** By the indexes of the eligible accounts. */
interface Standings {
  readonly shares: readonly number[];
  /** With the share of this placement in it. */
  readonly balances: readonly number[];
  readonly deadlines: readonly number[];
}

/** A copy of the balances; those of accounts that are gone are dropped once they are more than the accounts. */
function balancesOf(accounts: readonly Account[], { current }: RotationState): Balances {
  if (Object.keys(current).length <= accounts.length) return { ...current };
  const linked = new Set<string>(accounts.map(({ id }) => id));
  return Object.fromEntries(Object.entries(current).filter(([id]) => linked.has(id)));
}

function standingsOf({ eligible, settings, rotation: { current } }: Field): Standings {
  let total = 0;
  for (const { alias } of eligible) total += weightOf(settings, alias);
  const shares: number[] = [];
  const balances: number[] = [];
  const deadlines: number[] = [];
  for (const { id, alias } of eligible) {
    const share = weightOf(settings, alias) / total;
    const balance = (current[id] ?? 0) + share;
    shares.push(share);
    balances.push(balance);
    deadlines.push(deadlineOf(balance, share));
  }
  return { shares, balances, deadlines };
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
