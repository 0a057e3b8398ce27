import type { Account } from "@open-multi-auth/domain";
import { accountAt } from "./strategy.ts";

/** Compares two accounts by their indexes: below 0 where the first is better. */
type Compare = (a: number, b: number) => number;

/** The index of the best of `count` accounts; among equals the first one from `start` on, all around. */
export function bestIndex(count: number, start: number, compare: Compare): number {
  let best = start;
  for (let step = 1; step < count; step++) {
    const index = start + step < count ? start + step : start + step - count;
    if (compare(index, best) < 0) best = index;
  }
  return best;
}

/** All accounts, the best first; equals in their order from `start` on, all around. */
export function ranked(accounts: readonly Account[], start: number, compare: Compare): readonly Account[] {
  const indexes = accounts.map((_, step) => (start + step) % accounts.length);
  return indexes.toSorted(compare).map((index) => accountAt(accounts, index));
}

/** The value at an index that is in range. */
export function valueAt(values: ArrayLike<number>, index: number): number {
  return values[index] ?? Number.NaN;
}
