import type { SubjectName } from "./subject.ts";

/** One line of the comparison. */
export interface Figure {
  readonly group: "latency" | "updates" | "kills" | "refresh";
  readonly title: string;
  readonly unit: "ms" | "";
  readonly better: "less" | "more";
  readonly values: Readonly<Partial<Record<SubjectName, number>>>;
  /** What the best possible value is, where there is one. */
  readonly of?: number;
}

/** Whether a value is better than another, or as good. */
export function atLeastAsGood({ better }: Pick<Figure, "better">, value: number, than: number): boolean {
  return better === "less" ? value <= than : value >= than;
}
