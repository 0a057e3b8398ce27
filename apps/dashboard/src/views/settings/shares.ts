import type { AccountView } from "@open-multi-auth/domain";
import type { FormState } from "./draft.ts";
import { figureOf } from "../../format/figure.ts";

/** What part of the placements each enabled account would get by the weights of the form; none has a wrong weight. */
export function sharesOf(
  accounts: readonly Pick<AccountView, "alias" | "enabled">[],
  { texts, problems }: Pick<FormState, "texts" | "problems">,
  minWeight: number,
): ReadonlyMap<string, number> {
  const weights = accounts
    .filter(({ alias, enabled }) => enabled && !(`accountWeights.${alias}` in problems))
    .map(
      ({ alias }) => [alias, Math.max(minWeight, figureOf(texts[`accountWeights.${alias}`] ?? "1"))] as const,
    );
  const sum = weights.reduce((total, [, weight]) => total + weight, 0);
  return new Map(weights.map(([alias, weight]) => [alias, weight / sum]));
}
