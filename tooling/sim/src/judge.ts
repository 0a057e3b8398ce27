import { POLICIES } from "./policies/all.ts";
import { isComparable, valuesOf, type ScenarioResult } from "./results.ts";
import { MAIN_SCENARIOS } from "./scenarios.ts";
import { comparePaired, estimate } from "./statistics.ts";

const LEAST_CACHE_HIT = 92.5;
/** So much is asked of it that waiting cools every cache. */
const OVERLOADED = "S3";
const CLOCK = "clock";
const TABLE = new Set(MAIN_SCENARIOS.slice(0, 10).map(({ id }) => id));
const MAIN = new Set(MAIN_SCENARIOS.map(({ id }) => id));
const DEFAULT_PEER = "codex-lb";
const FEWEST_LOWER = 9;

/** One claim about a policy of ours, and what speaks against it. */
export interface Claim {
  readonly text: string;
  /** Whether a strategy that we recommend has to keep it. */
  readonly required: boolean;
  readonly holds: boolean;
  readonly detail: string;
}

/** Judges what is claimed of `policyId` by the results, whether it holds or not. */
export function judge(results: readonly ScenarioResult[], policyId: string): readonly Claim[] {
  return [
    noMoreStall(results, policyId, "compared"),
    noMoreStall(results, policyId, "all"),
    lowerThanDefaultPeer(results, policyId),
    warmCaches(results, policyId),
    noReturns(results, policyId, "steady"),
    noReturns(results, policyId, "jumping"),
  ];
}

function noMoreStall(results: readonly ScenarioResult[], policyId: string, whom: "compared" | "all"): Claim {
  const worse: string[] = [];
  let compared = 0;
  for (const result of results) {
    const own = valuesOf(result, policyId, "stallHours");
    for (const { id, by } of POLICIES) {
      const theirs = valuesOf(result, id, "stallHours");
      if (by !== "peer" || theirs.length === 0) continue;
      if (whom === "compared" && !isComparable(result, id, results)) continue;
      compared += 1;
      if (comparePaired(own, theirs).isMore) worse.push(`${result.scenarioId} ${id}`);
    }
  }
  const who = whom === "compared" ? "any peer that is compared there" : "any peer, reproduced or not";
  return {
    text: `in no scenario significantly more stall hours than ${who}`,
    required: whom === "compared",
    holds: worse.length === 0 && compared > 0,
    detail: `${compared} pairs${worse.length > 0 ? `; more in ${worse.join(", ")}` : ""}`,
  };
}

function lowerThanDefaultPeer(results: readonly ScenarioResult[], policyId: string): Claim {
  const table = results.filter(({ scenarioId }) => TABLE.has(scenarioId));
  const lower = table.filter((result) => meanStall(result, policyId) < meanStall(result, DEFAULT_PEER));
  return {
    text: `fewer stall hours on average than codex-lb's default in at least ${FEWEST_LOWER} of S1 to S10`,
    required: true,
    holds: lower.length >= FEWEST_LOWER,
    detail: `${lower.length} of ${table.length}`,
  };
}

function meanStall(result: ScenarioResult, policyId: string): number {
  return estimate(valuesOf(result, policyId, "stallHours")).mean;
}

function warmCaches(results: readonly ScenarioResult[], policyId: string): Claim {
  const hits = results
    .filter(({ scenarioId }) => MAIN.has(scenarioId) && scenarioId !== OVERLOADED)
    .map((result) => ({
      id: result.scenarioId,
      mean: estimate(valuesOf(result, policyId, "cacheHit")).mean,
    }));
  const lowest = hits.toSorted((a, b) => a.mean - b.mean)[0];
  return {
    text: `cache hit rate of at least ${LEAST_CACHE_HIT} % in S1 to S10 and S5b to S5d, all but S3`,
    required: true,
    holds: lowest !== undefined && lowest.mean >= LEAST_CACHE_HIT,
    detail: lowest ? `lowest: ${lowest.mean.toFixed(1)} % in ${lowest.id}` : "not run",
  };
}

function noReturns(results: readonly ScenarioResult[], policyId: string, clock: "steady" | "jumping"): Claim {
  const found = results
    .filter(({ scenarioId }) => (scenarioId === CLOCK) === (clock === "jumping"))
    .map((result) => ({
      id: result.scenarioId,
      count: valuesOf(result, policyId, "returns").reduce((sum, count) => sum + count, 0),
    }))
    .filter(({ count }) => count > 0);
  return {
    text: `no move from A to B and back without a failure inside one idle window${clock === "jumping" ? ", where the clock jumps" : ""}`,
    required: true,
    holds: found.length === 0,
    detail: found.length === 0 ? "0" : found.map(({ id, count }) => `${count} in ${id}`).join(", "),
  };
}
