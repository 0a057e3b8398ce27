import type { Account } from "@open-multi-auth/domain";

/** What a week of each plan holds, in weeks of Plus. */
const CAPACITY = new Map([
  ["free", 0.15],
  ["plus", 1],
  ["team", 1],
  ["business", 1],
  ["edu", 1],
  ["prolite", 5],
  ["pro", 20 / 3],
  ["enterprise", 20 / 3],
]);

/** How much an account's windows hold, measured by those of Plus; a plan that is not known counts as Plus. */
export function planCapacity({ planType }: Account): number {
  return (planType === undefined ? undefined : CAPACITY.get(planType)) ?? 1;
}
