import type { Alias, Settings } from "@open-multi-auth/domain";

/** The weight that placing uses: what the person chose, at least `minWeight`, else 1. */
export function weightOf(settings: Settings, alias: Alias): number {
  return weighing(settings)(alias);
}

/** {@link weightOf} for many accounts: a map finds what is not in it much sooner than an object does. */
export function weighing({ accountWeights, minWeight }: Settings): (alias: Alias) => number {
  const chosen = new Map(Object.entries(accountWeights));
  return (alias) => Math.max(minWeight, chosen.get(alias) ?? 1);
}

/** What part of the placements each of these accounts is to get: their weights, made to sum to 1. */
export function sharesOf(settings: Settings, aliases: readonly Alias[]): Record<Alias, number> {
  const weights = aliases.map(weighing(settings));
  const sum = weights.reduce((total, weight) => total + weight, 0);
  return Object.fromEntries(aliases.map((alias, index) => [alias, (weights[index] ?? 0) / sum]));
}

/** The percent of the account's windows that the pool leaves to its owner. */
export function reserveOf({ reservePercent }: Settings, alias: Alias): number {
  // An alias may be called like a property that every object inherits: that is no number.
  const chosen: unknown = reservePercent[alias];
  return typeof chosen === "number" ? chosen : 0;
}
