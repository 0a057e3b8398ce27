/** What a figure is measured in. */
export type Unit = "ms" | "µs" | "kB" | "MB" | "calls" | "times" | "score";

/** How a figure stands against its bound. */
export type Verdict = "ok" | "missed" | "not measured" | "no bound";

/** One line of the table. */
export interface Row {
  readonly figure: string;
  /** Where it was measured, for example `node 24.21.0`. */
  readonly runtime: string;
  /** What the direct way took, in `baselineUnit`. */
  readonly direct?: number;
  /** What the way through the pool took, in `baselineUnit`. */
  readonly pool?: number;
  readonly baselineUnit?: "ms" | "µs" | "calls";
  /** `undefined`: not measured; `note` says why. */
  readonly value: number | undefined;
  readonly unit: Unit;
  /** The largest value that is good; a figure without one is there for comparison. */
  readonly bound?: number;
  readonly note?: string;
}

/** A figure that nobody measured is neither good nor missed. */
export function verdictOf({ value, bound }: Pick<Row, "value" | "bound">): Verdict {
  if (value === undefined || Number.isNaN(value)) return "not measured";
  if (bound === undefined) return "no bound";
  return value <= bound ? "ok" : "missed";
}
