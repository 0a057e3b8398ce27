import { epochMs, toIso, type EpochMs, type Metrics } from "@open-multi-auth/domain";
import { isDone, STAGES, type Step } from "../promote/advance.ts";
import type { Promotion } from "../promote/promotion.ts";
import { spokenInstant, spokenLength } from "./time.ts";

/** How far a promotion is, stage by stage. */
export function promotionText(promotion: Promotion, now: EpochMs): string {
  const lines = STAGES.map(({ name, strategy }) => {
    const stage = promotion.stages.find((candidate) => candidate.name === name);
    const state = stage === undefined ? "to come" : stage.endedAt === undefined ? "under way" : "passed";
    return `${name.padEnd(10)}  ${state.padEnd(9)}  ${strategy}${stage?.metrics === undefined ? "" : `, ${figures(stage.metrics)}`}`;
  });
  const end = isDone(promotion)
    ? `${promotion.version} is promoted`
    : `begun ${spoken(promotion.startedAt, now)}; \`oma promote\` judges it again, \`oma promote --watch\` stays`;
  return [`baseline    ${figures(promotion.baseline)}`, ...lines, end].join("\n");
}

/** What a stage waits for. */
export function waitingText(
  step: Extract<Step, { kind: "waiting" }>,
  metrics: Metrics,
  now: EpochMs,
): string {
  const { stage, until, missing } = step;
  const waits = [
    ...(until > now ? [`goes on for ${spokenLength(until - now)}`] : []),
    ...(missing > 0 ? [`waits for ${missing} more requests`] : []),
  ];
  return `${stage}: ${figures(metrics)}; no violation, ${waits.join(" and ")}`;
}

function figures({ requests, successRate, addedLatencyMs, accounts }: Metrics): string {
  const success = successRate === null ? "no success rate" : `${(successRate * 100).toFixed(2)} % served`;
  const latency = addedLatencyMs.p95 === null ? "" : `, p95 ${addedLatencyMs.p95.toFixed(1)} ms added`;
  const shares = accounts.map(({ alias, requests: count }) => `${alias} ${count}`).join(", ");
  return `${requests.total} requests, ${success}${latency}${shares === "" ? "" : ` (${shares})`}`;
}

const spoken = (at: number, now: EpochMs): string => spokenInstant(toIso(epochMs(at)) ?? "", now);
