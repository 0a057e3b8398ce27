import type { Metrics } from "@open-multi-auth/domain";

/** What happened since a stage began. */
export interface Observed {
  readonly metrics: Metrics;
  /** Messages of exceptions that nobody handled. */
  readonly exceptions: readonly string[];
  /** Accounts that vanished without anybody removing them. */
  readonly lostAccounts: readonly string[];
  /** Files outside the store that hold a token. */
  readonly leaks: readonly string[];
}

const LEAST_SUCCESS = 0.999;
const MOST_REGRESSION = 1.1;
/** What a busy machine adds by itself: below this a difference is no regression. */
const NOISE_MS = 2;

/** Why a promotion must stop; empty where it may go on. */
export function violations(
  { metrics, exceptions, lostAccounts, leaks }: Observed,
  baseline: Metrics,
): string[] {
  const { successRate, addedLatencyMs } = metrics;
  return [
    ...exceptions.map((message) => `unhandled exception: ${message}`),
    ...lostAccounts.map((alias) => `lost update: nobody removed ${alias}, and it is gone`),
    ...leaks.map((file) => `leaked secret: ${file} holds a token`),
    ...(successRate !== null && successRate < LEAST_SUCCESS
      ? [`success rate ${(successRate * 100).toFixed(2)} %, below 99.9 %`]
      : []),
    ...slowdown(addedLatencyMs.p95, baseline.addedLatencyMs.p95),
  ];
}

function slowdown(now: number | null, before: number | null): string[] {
  if (now === null || before === null) return [];
  const isKept = now <= before * MOST_REGRESSION || now - before <= NOISE_MS;
  return isKept
    ? []
    : [`p95 of added latency ${now.toFixed(1)} ms, more than 10 % above ${before.toFixed(1)} ms`];
}
