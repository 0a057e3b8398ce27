import type { Account } from "@open-multi-auth/domain";
import { foremost, type Field, type Placement } from "./strategy.ts";

/** The account that has served the fewest requests; among equals the one that has been idle longest. */
export function leastUsed({ eligible, rotation }: Field): Placement {
  return { first: foremost(eligible, byUse), order: () => eligible.toSorted(byUse), rotation };
}

function byUse(a: Account, b: Account): number {
  return a.usageCount - b.usageCount || (a.lastUsed ?? 0) - (b.lastUsed ?? 0);
}
