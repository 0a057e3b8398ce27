import type { Metrics, SeriesView } from "@open-multi-auth/domain";
import { count, number } from "../../format/count.ts";

const DAY_MS = 86_400_000;

/** One figure of how the pool did, with its course over the last days. */
export interface Figure {
  readonly title: string;
  readonly value: string;
  readonly note: string;
  /** By the day, oldest first; none where only the total is known. */
  readonly days: readonly number[];
}

/** How the pool did: what is answered, how often it moved unseen, and what it adds to a request. */
export function figuresOf(metrics: Metrics, series: SeriesView | undefined, now: number): Figure[] {
  const { requests, successRate, interruptionsKept, failovers, addedLatencyMs } = metrics;
  const daily = (pick: (hour: SeriesView["hours"][number]) => number): number[] =>
    dailySums(series, pick, now);
  return [
    {
      title: "Answered",
      value: successRate === null ? "–" : rate(successRate),
      note: requests.aborted > 0 ? `${number(requests.aborted)} stopped` : "",
      days: [],
    },
    {
      title: "Requests",
      value: number(requests.total),
      note: "",
      days: daily((hour) => hour.requests),
    },
    {
      title: "Moved unseen",
      value: number(interruptionsKept),
      note: failovers === 0 ? "" : `${count(failovers, "move")} in all`,
      days: daily((hour) => hour.interruptionsKept),
    },
    { title: "Added delay, median", value: milliseconds(addedLatencyMs.p50), note: "", days: [] },
    { title: "Added delay, p95", value: milliseconds(addedLatencyMs.p95), note: "", days: [] },
  ];
}

/** The sums of the last seven days, today last. */
function dailySums(
  series: SeriesView | undefined,
  pick: (hour: SeriesView["hours"][number]) => number,
  now: number,
): number[] {
  if (series === undefined) return [];
  const days = Array.from({ length: 7 }, () => 0);
  for (const hour of series.hours) {
    const index = 6 - Math.floor((now - Date.parse(hour.at)) / DAY_MS);
    const known = days[index];
    if (known !== undefined) days[index] = known + pick(hour);
  }
  return days;
}

/** Never 100% while something was lost. */
function rate(part: number): string {
  const percent = part * 100;
  return percent === 100 ? "100%" : `${(Math.floor(percent * 10) / 10).toFixed(1)}%`;
}

const milliseconds = (ms: number | null): string =>
  ms === null ? "–" : `${ms < 10 ? Math.round(ms * 10) / 10 : Math.round(ms)}\u202Fms`;
