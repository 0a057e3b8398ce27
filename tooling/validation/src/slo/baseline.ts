import type { Baseline } from "./report.ts";

/** The figures that docs/QA.md holds for comparison: the block of JSON marked `slo-baseline`. */
export function baselineIn(page: string): Baseline | undefined {
  const [, json] = /```json slo-baseline\n([^`]*)```/.exec(page) ?? [];
  if (json === undefined) return undefined;
  const { machine, p95Ms }: Partial<Record<string, unknown>> = JSON.parse(json);
  return typeof machine === "string" && typeof p95Ms === "number" ? { machine, p95Ms } : undefined;
}
