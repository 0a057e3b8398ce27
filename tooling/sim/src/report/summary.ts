import { judge } from "../judge.ts";
import type { ScenarioResult } from "../results.ts";
import { withMargin } from "./numbers.ts";
import { comparisonTable, figureTable, reproductionTable } from "./tables.ts";

/** What a person at a terminal sees. */
export function renderSummary(results: readonly ScenarioResult[]): string {
  const claims = judge(results, "headroom").map(
    ({ text, holds, detail }) => `${holds ? "holds " : "MISSED"}  ${text} (${detail})`,
  );
  return [
    `seeds ${seedsOf(results)}`,
    `stall hours, mean and 95 % interval\n${figureTable(results, "stallHours", withMargin)}`,
    `visible limits per 1,000 turns\n${figureTable(results, "visible")}`,
    `cache hit rate, %\n${figureTable(results, "cacheHit")}`,
    `moves per 1,000 turns\n${figureTable(results, "moves")}`,
    `utilisation, %\n${figureTable(results, "utilisation")}`,
    `furthest account from the mean, %\n${figureTable(results, "unfairness")}`,
    `published : here, reproduced\n${reproductionTable(results)}`,
    `headroom less each peer, stall hours (seeds with fewer/more)\n${comparisonTable(results, "headroom")}`,
    `headroom\n${claims.join("\n")}\n`,
  ].join("\n\n");
}

/** The seeds as a range. */
export function seedsOf(results: readonly ScenarioResult[]): string {
  const seeds = results[0]?.seeds ?? [];
  return seeds.length === 1 ? `${seeds[0]}` : `${seeds[0]} to ${seeds.at(-1)}`;
}
