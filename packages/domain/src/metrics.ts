import { z } from "zod";
import type { DecisionRecord, RequestOutcome } from "./decision-record.ts";
import type { VerdictKind } from "./reasons.ts";
import { epochMs, toIso, type DurationMs } from "./time.ts";

const count = z.number().int().min(0);
const iso = z.iso.datetime();

const accountMetricsSchema = z.object({
  alias: z.string(),
  /** Requests that it answered. */
  requests: count,
  /** Requests that it was sent and did not serve, by verdict. */
  failures: z.record(z.string(), count),
});

/** How the pool did, as the API and `oma metrics --json` show it; counted from decision records. */
export const metricsSchema = z.object({
  /** When the oldest and the newest of the counted requests began. */
  from: iso.nullable(),
  to: iso.nullable(),
  requests: z.object({
    total: count,
    served: count,
    /** Answers about the request itself, which no other account would have changed. */
    passedThrough: count,
    refused: count,
    interrupted: count,
    aborted: count,
  }),
  /** Served, of all that the pool could have served: 0 to 1, null before the first. */
  successRate: z.number().min(0).max(1).nullable(),
  /** How often a request went on to another account. */
  failovers: count,
  /** Requests that were served although an account had failed them: what nobody noticed. */
  interruptionsKept: count,
  /** From a request to its answer's first byte, without the time of the account that answered; null before the first. */
  addedLatencyMs: z.object({
    p50: z.number().nullable(),
    p95: z.number().nullable(),
    /** Of all `samples`. */
    sum: z.number(),
    samples: count,
  }),
  accounts: z.array(accountMetricsSchema),
});
export type Metrics = z.infer<typeof metricsSchema>;

/** Counts requests one by one. */
export interface MetricsTally {
  add(record: DecisionRecord): void;
  metrics(): Metrics;
}

/** Percentiles are of so many of the newest answers at most. */
const MOST_SAMPLES = 10_000;

/** Counts nothing yet. */
export function createMetricsTally(): MetricsTally {
  const outcomes: Record<RequestOutcome, number> = {
    served: 0,
    "passed-through": 0,
    refused: 0,
    interrupted: 0,
    aborted: 0,
  };
  const accounts = new Map<string, { requests: number; failures: Map<VerdictKind, number> }>();
  const latencies: DurationMs[] = [];
  const latency = { sum: 0, samples: 0 };
  let [from, to] = [Infinity, -Infinity];
  let moves = 0;
  let kept = 0;

  const accountOf = (alias: string) => {
    const known = accounts.get(alias) ?? { requests: 0, failures: new Map<VerdictKind, number>() };
    accounts.set(alias, known);
    return known;
  };

  return {
    add(record) {
      [from, to] = [Math.min(from, record.at), Math.max(to, record.at)];
      outcomes[record.outcome] += 1;
      moves += failovers(record);
      if (isInterruptionKept(record)) kept += 1;
      if (record.selectedAlias !== null) accountOf(record.selectedAlias).requests += 1;
      for (const { alias, verdict } of record.attempts) {
        if (verdict === "served") continue;
        const { failures } = accountOf(alias);
        failures.set(verdict, (failures.get(verdict) ?? 0) + 1);
      }
      const added = addedLatencyMs(record);
      if (added === undefined) return;
      latencies[latency.samples % MOST_SAMPLES] = added;
      latency.samples += 1;
      latency.sum += added;
    },
    metrics() {
      const sorted = latencies.toSorted((a, b) => a - b);
      const { served, refused, interrupted, aborted } = outcomes;
      const owed = served + refused + interrupted;
      return {
        from: isoOf(from),
        to: isoOf(to),
        requests: {
          total: owed + aborted + outcomes["passed-through"],
          served,
          passedThrough: outcomes["passed-through"],
          refused,
          interrupted,
          aborted,
        },
        successRate: owed === 0 ? null : served / owed,
        failovers: moves,
        interruptionsKept: kept,
        addedLatencyMs: { p50: percentile(sorted, 50), p95: percentile(sorted, 95), ...latency },
        accounts: [...accounts]
          .map(([alias, { requests, failures }]) => ({
            alias,
            requests,
            failures: Object.fromEntries(failures),
          }))
          .toSorted((a, b) => (a.alias < b.alias ? -1 : 1)),
      };
    },
  };
}

/** What a list of records comes to. */
export function metricsOf(records: Iterable<DecisionRecord>): Metrics {
  const tally = createMetricsTally();
  for (const record of records) tally.add(record);
  return tally.metrics();
}

/** How often the request went on to another account. */
export const failovers = ({ attempts }: DecisionRecord): number =>
  attempts.filter(({ alias }, index) => index > 0 && alias !== attempts[index - 1]?.alias).length;

/** Whether the request was served although an account had failed it. What we had to leave out for a new one is no failure. */
export const isInterruptionKept = ({ outcome, attempts }: DecisionRecord): boolean =>
  outcome === "served" &&
  attempts.slice(0, -1).some(({ verdict }) => verdict !== "served" && verdict !== "foreign-content");

/** All time to the first byte but that of the attempt which was answered. */
function addedLatencyMs({ firstByteMs, attempts }: DecisionRecord): DurationMs | undefined {
  const answered = attempts.at(-1);
  if (firstByteMs === null || answered === undefined) return undefined;
  return Math.max(0, firstByteMs - answered.ms);
}

/** By nearest rank: a value that was measured. */
function percentile(sorted: readonly number[], percent: number): number | null {
  return sorted[Math.max(0, Math.ceil((sorted.length * percent) / 100) - 1)] ?? null;
}

const isoOf = (at: number): string | null => toIso(epochMs(at)) ?? null;
