import { metricsOf, type DecisionRecord, type Metrics } from "@open-multi-auth/domain";

/** What a service level is judged from. */
export interface Observed {
  readonly records: readonly DecisionRecord[];
  /** Processes that ended by themselves, and requests that threw. */
  readonly unhandledExceptions: number;
  /** Failed probes after which an account's limits were others. */
  readonly probesThatChangedLimits: number;
}

/** Figures of an earlier version, on the machine that they were measured on. */
export interface Baseline {
  readonly machine: string;
  readonly p95Ms: number;
}

/** Where and how undisturbed a soak was lived. */
export interface Machine {
  readonly name: string;
  readonly cores: number;
  /** The system's load average as it ended. */
  readonly load: number;
}

/** One bound with what was measured. */
export interface Level {
  readonly what: string;
  readonly bound: string;
  readonly measured: string;
  readonly verdict: "kept" | "broken" | "not judged";
}

const LEAST_SUCCESS = 0.999;
const MOST_REGRESSION = 1.1;
/** What any machine adds by itself at times: below this a difference is no regression. */
const NOISE_MS = 2;
/** Per core; a soak alone keeps about one busy. Beyond, other programs' work is measured. */
const MOST_LOAD = 1.5;

/** Judges the service levels from decision records. */
export function serviceLevels(observed: Observed, baseline: Baseline | undefined, machine: Machine): Level[] {
  const metrics = metricsOf(observed.records);
  return [
    success(metrics),
    count("unhandled exceptions", observed.unhandledExceptions),
    latency(metrics, baseline, machine),
    count("failed probes that changed limits", observed.probesThatChangedLimits),
  ];
}

/** Whether every bound that could be judged was kept, and at least one was. */
export const areKept = (levels: readonly Level[]): boolean =>
  levels.every(({ verdict }) => verdict !== "broken") && levels.some(({ verdict }) => verdict === "kept");

/** The report as a page. */
export function levelsPage(
  levels: readonly Level[],
  { requests, addedLatencyMs, accounts }: Metrics,
): string {
  const rows = levels.map(
    ({ what, bound, measured, verdict }) => `| ${what} | ${bound} | ${measured} | ${verdict} |`,
  );
  const shares = accounts.map(({ alias, requests: served }) => `${alias} ${served}`).join(", ");
  return [
    "| Service level | Bound | Measured | |\n| --- | --- | --- | --- |\n" + rows.join("\n"),
    `${requests.total} requests; added latency p50 ${ms(addedLatencyMs.p50)}, p95 ${ms(addedLatencyMs.p95)}; by account: ${shares}`,
  ].join("\n\n");
}

function success({ successRate }: Metrics): Level {
  const level = { what: "success rate of what some account could serve", bound: ">= 99.9 %" };
  if (successRate === null) return { ...level, measured: "no requests", verdict: "not judged" };
  const measured = `${(successRate * 100).toFixed(3)} %`;
  return { ...level, measured, verdict: successRate >= LEAST_SUCCESS ? "kept" : "broken" };
}

function count(what: string, found: number): Level {
  return { what, bound: "0", measured: String(found), verdict: found === 0 ? "kept" : "broken" };
}

function latency(
  { addedLatencyMs: { p95 } }: Metrics,
  baseline: Baseline | undefined,
  { name, cores, load }: Machine,
): Level {
  const what = "p95 of added latency";
  if (baseline === undefined || p95 === null)
    return { what, bound: "+10 %", measured: ms(p95), verdict: "not judged" };
  const bound = `+10 % of ${ms(baseline.p95Ms)}`;
  const otherwise =
    baseline.machine === name
      ? load > MOST_LOAD * cores && `at load average ${load.toFixed(1)}: repeat it on a quiet machine`
      : "on another machine than the baseline";
  if (otherwise !== false)
    return { what, bound, measured: `${ms(p95)}, ${otherwise}`, verdict: "not judged" };
  const isKept = p95 <= baseline.p95Ms * MOST_REGRESSION || p95 - baseline.p95Ms <= NOISE_MS;
  return { what, bound, measured: ms(p95), verdict: isKept ? "kept" : "broken" };
}

const ms = (value: number | null): string => (value === null ? "unknown" : `${value.toFixed(1)} ms`);
