import { ALL_SCENARIOS } from "../all-scenarios.ts";
import { judge } from "../judge.ts";
import type { ScenarioResult } from "../results.ts";
import { table } from "./markdown.ts";
import { withMargin } from "./numbers.ts";
import { seedsOf } from "./summary.ts";
import { comparisonTable, figureTable, reproductionTable } from "./tables.ts";
import { HOW_IT_IS_SIMULATED, HOW_TO_READ, INTRODUCTION, WHAT_IT_DOES_NOT_SHOW } from "./words.ts";

/** The page of the documentation, whole: nothing in it is written by hand but the words around the figures. */
export function renderPage(results: readonly ScenarioResult[]): string {
  return `${[
    "# Which strategy places conversations best",
    INTRODUCTION,
    `Seeds ${seedsOf(results)}; six weeks, the first of which does not count (the scenarios with a name instead of a number: three).`,
    "## What is claimed, and whether it holds",
    claims(results, "headroom"),
    "The same for `headroom` with `criticalThreshold` 0:",
    claims(results, "headroom-0"),
    "## Stall hours",
    "![Stall hours by scenario and policy](scheduling/stall-hours.svg)",
    "Mean and 95 % confidence interval.",
    figureTable(results, "stallHours", withMargin),
    "## Against each peer, seed by seed",
    HOW_TO_READ,
    "`headroom`:",
    comparisonTable(results, "headroom"),
    "`round-robin`, our default:",
    comparisonTable(results, "round-robin"),
    "## Visible limits per 1,000 turns",
    figureTable(results, "visible"),
    "## Cache hit rate, percent",
    "![Cache hit rate by scenario and policy](scheduling/cache-hits.svg)",
    figureTable(results, "cacheHit"),
    "## Moves of warm conversations per 1,000 turns",
    figureTable(results, "moves"),
    "## Utilisation: percent of all weekly quotas burnt",
    "Who hits the cache more often needs less for the same work.",
    figureTable(results, "utilisation"),
    "## Fairness: percent by which the account furthest from the mean differs, measured by its plan",
    "An observation, not a goal: a week that ends soon should be used first.",
    figureTable(results, "unfairness"),
    "## Scenarios",
    table(
      ["", "What"],
      ALL_SCENARIOS.map(({ id, title }) => [id, title]),
      "left",
    ),
    "## How it is simulated",
    HOW_IT_IS_SIMULATED,
    "## Are the peers' rules right?",
    "Published stall hours : ours, and whether the published mean lies within the 95 % interval of ours.",
    reproductionTable(results),
    "## What it does not show",
    WHAT_IT_DOES_NOT_SHOW,
  ].join("\n\n")}\n`;
}

function claims(results: readonly ScenarioResult[], policyId: string): string {
  return judge(results, policyId)
    .map(({ text, holds, detail }) => `- ${holds ? "Holds" : "**Missed**"}: ${text} (${detail}).`)
    .join("\n");
}
