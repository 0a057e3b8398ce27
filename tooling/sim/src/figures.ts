import type { Scenario } from "./model/scenario.ts";
import type { Tally } from "./model/tally.ts";
import { HOUR } from "./model/time.ts";
import { WARM_UP_WEEKS, weeksOf } from "./simulate.ts";

/** What one run comes to. */
export interface Figures {
  /** Hours that conversations waited for an account. */
  readonly stallHours: number;
  /** Limits that a person saw, per 1,000 turns asked for; who waits sees one again at each recheck. */
  readonly visible: number;
  /** Percent of input tokens that came from the cache. */
  readonly cacheHit: number;
  /** Moves of conversations with a warm cache, per 1,000 turns. */
  readonly moves: number;
  /** Moves from A to B and back within one idle window, not both for a failure. */
  readonly returns: number;
  /** Percent of all weekly quotas that was burnt. */
  readonly utilisation: number;
  /** By how many percent of the mean the account furthest from it was used more or less, measured by its plan. */
  readonly unfairness: number;
}

export type FigureName = keyof Figures;

export function figuresOf(tally: Tally, scenario: Scenario): Figures {
  const weeks = weeksOf(scenario) - WARM_UP_WEEKS;
  const quotas = scenario.plans.map((plan) => plan.weekly + (scenario.secondModelWeekly ?? 0));
  const shares = quotas.map((quota, index) => (tally.credits[index] ?? 0) / (quota * weeks));
  const weekly = quotas.reduce((sum, quota) => sum + quota, 0);
  const mean = shares.reduce((sum, share) => sum + share, 0) / shares.length;
  const furthest = Math.max(...shares.map((share) => Math.abs(share - mean)));
  return {
    stallHours: tally.stallMs / HOUR,
    visible: (1_000 * tally.visible) / Math.max(1, tally.turns),
    cacheHit: (100 * tally.cached) / Math.max(1, tally.input),
    moves: (1_000 * tally.moves) / Math.max(1, tally.turns),
    returns: tally.returns,
    utilisation: (100 * tally.credits.reduce((sum, credits) => sum + credits, 0)) / (weekly * weeks),
    unfairness: mean === 0 ? 0 : (100 * furthest) / mean,
  };
}
