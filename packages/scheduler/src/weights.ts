import type { Alias, Settings } from "@open-multi-auth/domain";

/** The weight that placing uses: what the person chose, at least `minWeight`, else 1. */
export function weightOf({ accountWeights, minWeight }: Settings, alias: Alias): number {
  return Math.max(minWeight, chosen(accountWeights, alias) ?? 1);
}

/** What part of the placements each of these accounts is to get: their weights, made to sum to 1. */
export function sharesOf(settings: Settings, aliases: readonly Alias[]): Record<Alias, number> {
  const weights = aliases.map((alias) => weightOf(settings, alias));
  const sum = weights.reduce((total, weight) => total + weight, 0);
  return Object.fromEntries(aliases.map((alias, index) => [alias, (weights[index] ?? 0) / sum]));
}

/** The percent of the account's windows that the pool leaves to its owner. */
export function reserveOf({ reservePercent }: Settings, alias: Alias): number {
  return chosen(reservePercent, alias) ?? 0;
}

/** An alias may be called like a property that every object inherits: those are no numbers. */
function chosen(byAlias: Readonly<Record<string, unknown>>, alias: Alias): number | undefined {
  const value = byAlias[alias];
  return typeof value === "number" ? value : undefined;
}
