import type { Alias, Settings } from "@open-multi-auth/domain";

/** The weight that placing uses: what the person chose, at least `minWeight`, else 1. */
export function weightOf({ accountWeights, minWeight }: Settings, alias: Alias): number {
  return Math.max(minWeight, chosen(accountWeights, alias) ?? 1);
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
