import type { FigureName } from "../figures.ts";
import { POLICIES } from "../policies/all.ts";
import type { PolicyKind } from "../policies/policy.ts";
import { publishedStallHours } from "../published.ts";
import { isComparable, isReproduced, valuesOf, type ScenarioResult } from "../results.ts";
import { comparePaired, estimate, type Estimate } from "../statistics.ts";
import { table } from "./markdown.ts";
import { short, withMargin } from "./numbers.ts";

/** One figure of every policy in every scenario. */
export function figureTable(
  results: readonly ScenarioResult[],
  figure: FigureName,
  show: (value: Estimate) => string = ({ mean }) => short(mean),
): string {
  const rows = results.map((result) => [
    result.scenarioId,
    ...POLICIES.map(({ id }) => {
      const values = valuesOf(result, id, figure);
      return values.length === 0 ? "" : show(estimate(values));
    }),
  ]);
  return table(["", ...POLICIES.map(({ title }) => title)], rows);
}

/** Stall hours of one policy of ours less those of each peer, pair by pair. */
export function comparisonTable(results: readonly ScenarioResult[], policyId: string): string {
  const peers = POLICIES.filter(({ by }) => by === "peer");
  const compared = results.filter(({ runs }) => peers.some(({ id }) => runs[id] !== undefined));
  const rows = compared.map((result) => [
    result.scenarioId,
    ...peers.map((peer) => comparisonCell(result, policyId, peer, results)),
  ]);
  return table(["", ...peers.map(({ title }) => title)], rows);
}

function comparisonCell(
  result: ScenarioResult,
  policyId: string,
  peer: PolicyKind,
  results: readonly ScenarioResult[],
): string {
  const own = valuesOf(result, policyId, "stallHours");
  const found = comparePaired(own, valuesOf(result, peer.id, "stallHours"));
  const verdict = found.isMore ? " **more**" : found.isLess ? " less" : "";
  const cell = `${withMargin(found)} (${found.smaller}/${found.larger})${verdict}`;
  return isComparable(result, peer.id, results) ? cell : `_${cell}_`;
}

/** What was published for the peers, beside what came out here. */
export function reproductionTable(results: readonly ScenarioResult[]): string {
  const policies = POLICIES.filter(({ by }) => by !== "us");
  const published = results.filter(({ scenarioId }) =>
    policies.some(({ id }) => publishedStallHours(id, scenarioId) !== undefined),
  );
  const rows = published.map((result) => [
    result.scenarioId,
    ...policies.map(({ id }) => {
      const mean = short(estimate(valuesOf(result, id, "stallHours")).mean);
      const there = short(publishedStallHours(id, result.scenarioId) ?? Number.NaN);
      return `${there} : ${mean} ${isReproduced(result, id) === true ? "yes" : "no"}`;
    }),
  ]);
  return table(["", ...policies.map(({ title }) => title)], rows);
}
