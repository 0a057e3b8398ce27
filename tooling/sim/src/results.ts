import { figuresOf, type FigureName, type Figures } from "./figures.ts";
import type { Scenario } from "./model/scenario.ts";
import { drawWorkload } from "./model/workload.ts";
import type { PolicyKind } from "./policies/policy.ts";
import { PUBLISHED_SEEDS, publishedStallHours } from "./published.ts";
import { simulate, weeksOf } from "./simulate.ts";
import { mayBeMeanOf } from "./statistics.ts";

/** The runs of one scenario: by policy, one entry per seed. */
export interface ScenarioResult {
  readonly scenarioId: string;
  readonly seeds: readonly number[];
  readonly runs: Readonly<Record<string, readonly Figures[]>>;
}

/** Runs a scenario under each policy with the same conversations, seed by seed. */
export function runScenario(
  scenario: Scenario,
  policies: readonly PolicyKind[],
  seeds: readonly number[],
): ScenarioResult {
  const kinds = policies.filter(({ by }) => by === "us" || scenario.oursOnly !== true);
  const runs: Record<string, Figures[]> = Object.fromEntries(kinds.map(({ id }) => [id, []]));
  for (const seed of seeds) {
    const workload = drawWorkload(scenario, seed, weeksOf(scenario));
    for (const kind of kinds) {
      runs[kind.id]?.push(figuresOf(simulate(scenario, kind, { seed, workload }), scenario));
    }
  }
  return { scenarioId: scenario.id, seeds, runs };
}

/** One figure of a policy over the seeds; empty where it was not run. */
export function valuesOf({ runs }: ScenarioResult, policyId: string, figure: FigureName): readonly number[] {
  return (runs[policyId] ?? []).map((run) => run[figure]);
}

/** Whether the policy's published stall hours came out again; `undefined` where none are published. */
export function isReproduced(result: ScenarioResult, policyId: string): boolean | undefined {
  const published = publishedStallHours(policyId, result.scenarioId);
  const values = valuesOf(result, policyId, "stallHours");
  if (published === undefined || values.length === 0) return undefined;
  const rounding = published < 100 ? 0.05 : 0.5;
  return mayBeMeanOf(published, values, { publishedCount: PUBLISHED_SEEDS, rounding });
}

/**
 * Whether a peer may be compared in a scenario: it reproduced what was published for it there. Where nothing was
 * published, one that did so in at least half of its scenarios is trusted.
 */
export function isComparable(
  result: ScenarioResult,
  policyId: string,
  results: readonly ScenarioResult[],
): boolean {
  const here = isReproduced(result, policyId);
  if (here !== undefined) return here;
  const elsewhere = results.map((other) => isReproduced(other, policyId)).filter((is) => is !== undefined);
  return elsewhere.length > 0 && elsewhere.filter(Boolean).length * 2 >= elsewhere.length;
}
