import { epochMs, type DurationMs, type EpochMs, type Strategy } from "@open-multi-auth/domain";
import { violations, type Observed } from "./judge.ts";
import type { Promotion, StageName } from "./promotion.ts";

const HOUR_MS = 3_600_000;

/** The stages in their order: how long each lasts at least, and the strategy that it runs with. */
export const STAGES: readonly {
  readonly name: StageName;
  readonly ms: DurationMs;
  readonly strategy: Strategy;
}[] = [
  { name: "canary", ms: 24 * HOUR_MS, strategy: "round-robin" },
  { name: "enablement", ms: HOUR_MS, strategy: "weighted-round-robin" },
  { name: "watch", ms: 72 * HOUR_MS, strategy: "weighted-round-robin" },
];

/** A stage says nothing before so many requests were made in it. */
export const LEAST_REQUESTS = 20;

/** What comes next. */
export type Step =
  | { readonly kind: "stopped"; readonly promotion: Promotion }
  /** The stage goes on: until then at least, and for want of so many requests. */
  | { readonly kind: "waiting"; readonly stage: StageName; readonly until: EpochMs; readonly missing: number }
  | { readonly kind: "next"; readonly promotion: Promotion; readonly strategy: Strategy }
  | { readonly kind: "done"; readonly promotion: Promotion };

/** Judges the stage under way, and decides whether the next may begin. */
export function advance(promotion: Promotion, observed: Observed, now: EpochMs): Step {
  const { stages, baseline } = promotion;
  const current = stages.at(-1);
  const index = STAGES.findIndex(({ name }) => name === current?.name);
  const plan = STAGES[index];
  if (current === undefined || plan === undefined) return { kind: "done", promotion };
  const { metrics } = observed;
  const ended = [...stages.slice(0, -1), { ...current, endedAt: now, metrics }];
  const found = violations(observed, baseline);
  if (found.length > 0)
    return { kind: "stopped", promotion: { ...promotion, stages: ended, stopped: found } };
  const until = epochMs(current.startedAt + plan.ms);
  const missing = Math.max(0, LEAST_REQUESTS - metrics.requests.total);
  if (now < until || missing > 0) return { kind: "waiting", stage: plan.name, until, missing };
  const next = STAGES[index + 1];
  return next === undefined
    ? { kind: "done", promotion: { ...promotion, stages: ended } }
    : {
        kind: "next",
        promotion: { ...promotion, stages: [...ended, { name: next.name, startedAt: now }] },
        strategy: next.strategy,
      };
}

/** Whether every stage has ended well. */
export const isDone = ({ stages, stopped }: Promotion): boolean =>
  stopped === undefined && stages.length === STAGES.length && stages.at(-1)?.endedAt !== undefined;
