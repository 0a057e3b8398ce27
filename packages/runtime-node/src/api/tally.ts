import {
  epochMs,
  failovers,
  isInterruptionKept,
  toIso,
  type DecisionRecord,
  type EpochMs,
} from "@open-multi-auth/domain";
import type { Counters } from "@open-multi-auth/loopback-api";

const HOUR_MS = 60 * 60_000;
const DAYS_MS = 7 * 24 * HOUR_MS;

/** Counts the requests of the last seven days, hour by hour. */
export interface Tally {
  add(record: DecisionRecord): void;
  counters(now: EpochMs): Counters;
}

type Counts = Omit<Counters, "since">;

export function createTally(): Tally {
  const hours = new Map<number, Counts>();
  return {
    add(record) {
      const hour = Math.floor(record.at / HOUR_MS);
      const counts = hours.get(hour) ?? nothing();
      hours.set(hour, counts);
      count(counts, record);
    },
    counters(now) {
      const first = Math.ceil((now - DAYS_MS) / HOUR_MS);
      for (const hour of hours.keys()) if (hour < first) hours.delete(hour);
      const sum = nothing();
      for (const counts of hours.values()) join(sum, counts);
      return { since: toIso(epochMs(Math.max(0, first * HOUR_MS))) ?? "", ...sum };
    },
  };
}

const nothing = (): Counts => ({
  requests: 0,
  served: 0,
  moved: 0,
  kept: {},
  failed: 0,
  aborted: 0,
  byAlias: {},
});

function count(counts: Counts, record: DecisionRecord): void {
  const { outcome, attempts, selectedAlias } = record;
  const isServed = outcome === "served" || outcome === "passed-through";
  counts.requests += 1;
  counts.served += isServed ? 1 : 0;
  counts.failed += outcome === "refused" || outcome === "interrupted" ? 1 : 0;
  counts.aborted += outcome === "aborted" ? 1 : 0;
  counts.moved += isServed && failovers(record) > 0 ? 1 : 0;
  if (isServed && selectedAlias !== null) add(counts.byAlias, selectedAlias, 1);
  if (!isInterruptionKept(record)) return;
  for (const { verdict } of attempts.slice(0, -1)) {
    if (verdict !== "served" && verdict !== "foreign-content") add(counts.kept, verdict, 1);
  }
}

function join(sum: Counts, more: Counts): void {
  for (const name of ["requests", "served", "moved", "failed", "aborted"] as const) sum[name] += more[name];
  for (const [verdict, times] of Object.entries(more.kept)) add(sum.kept, verdict, times);
  for (const [alias, times] of Object.entries(more.byAlias)) add(sum.byAlias, alias, times);
}

/** An alias may be `__proto__`: it is defined, not assigned. */
function add(counts: Record<string, number>, name: string, times: number): void {
  const value = (Object.hasOwn(counts, name) ? (counts[name] ?? 0) : 0) + times;
  Object.defineProperty(counts, name, { value, enumerable: true, configurable: true, writable: true });
}
