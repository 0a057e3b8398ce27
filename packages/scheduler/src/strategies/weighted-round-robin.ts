import type { Account, Settings } from "@open-multi-auth/domain";
import { weighing } from "../weights.ts";
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
  const { eligible, rotation } = field;
  const { weights, balances, deadlines } = standingsOf(field);
  const compare = (a: number, b: number): number =>
    valueAt(deadlines, a) - valueAt(deadlines, b) || valueAt(weights, b) - valueAt(weights, a);
  const best = bestIndex(eligible.length, 0, compare);
  const first = accountAt(eligible, best);
  const current = restingBalances(field);
  let index = 0;
  for (const { id } of eligible) current[id] = valueAt(balances, index++);
  current[first.id] = balances[best] = valueAt(balances, best) - 1;
  recent.set(current, { eligible, balances });
  return { first, order: () => ranked(eligible, 0, compare), rotation: { ...rotation, current } };
}

/** Made without a prototype: an object literal takes ten times as long for each key, once there are hundreds. */
type Balances = Record<string, number>;

/** The balances that a placement left, by index: in an object of a thousand keys each one takes long to find. */
const recent = new WeakMap<Balances, { readonly eligible: readonly Account[]; readonly balances: Numbers }>();

/** What accounts that rest keep; balances of accounts that are gone are dropped. */
function restingBalances({ eligible, accounts, rotation: { current } }: Field): Balances {
  const balances: Balances = Object.create(null);
  if (eligible.length < accounts.length) for (const { id } of accounts) balances[id] = current[id] ?? 0;
  return balances;
}

/** By the indexes of the eligible accounts. */
interface Standings {
  readonly weights: Numbers;
  /** With the share of this placement in it. */
  readonly balances: Numbers;
  readonly deadlines: Numbers;
}
type Numbers = Float64Array;

function standingsOf({ eligible, settings, rotation: { current } }: Field): Standings {
  const { weights, total } = weightsOf(eligible, settings);
  const balances = new Float64Array(eligible.length);
  const deadlines = new Float64Array(eligible.length);
  const before = recent.get(current);
  let index = 0;
  for (const { id } of eligible) {
    const share = valueAt(weights, index) / total;
    const left = before?.eligible[index]?.id === id ? before.balances[index] : current[id];
    const balance = (left ?? 0) + share;
    balances[index] = balance;
    deadlines[index++] = deadlineOf(balance, share);
  }
  return { weights, balances, deadlines };
}

function weightsOf(accounts: readonly Account[], settings: Settings): { weights: Numbers; total: number } {
  const weigh = weighing(settings);
  const weights = new Float64Array(accounts.length);
  let total = 0;
  let index = 0;
  for (const { alias } of accounts) total += weights[index++] = weigh(alias);
  return { weights, total };
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
