import { clock, midnights, weekday } from "../../../format/time.ts";

const HOUR_MS = 3_600_000;

/** A mark on an axis of time. */
export interface Mark {
  readonly at: number;
  readonly label: string;
}

/** Even hours after `from`, up to `to`. */
export function evenHours(from: number, to: number): Mark[] {
  const first = new Date(from);
  first.setMinutes(0, 0, 0);
  return Array.from({ length: 26 }, (_, index) => first.getTime() + index * HOUR_MS)
    .filter((at) => at > from + 1.5 * HOUR_MS && at < to && new Date(at).getHours() % 2 === 0)
    .map((at) => ({ at, label: clock(at) }));
}

/** The days that a span of time touches, each in the middle of what is seen of it. */
export function days(from: number, to: number): Mark[] {
  const edges = [from, ...midnights(from, to), to];
  return edges.slice(1).flatMap((end, index) => {
    const start = edges[index] ?? from;
    return end - start < 9 * HOUR_MS ? [] : [{ at: (start + end) / 2, label: weekday(start + 1) }];
  });
}
