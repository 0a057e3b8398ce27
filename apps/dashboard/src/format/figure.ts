import { PERCENT, WEIGHT } from "@open-multi-auth/domain";

/** What a text comes to: the value to save, or what must hold instead. */
export type Read<Value = unknown> = { readonly value: Value } | { readonly problem: string };

/** A figure that is checked. */
export function numberOf(text: string, check: (value: number) => string | undefined): Read<number> {
  const value = figureOf(text);
  if (text.trim() === "" || !Number.isFinite(value)) return { problem: "Must be a number" };
  const problem = check(value);
  return problem === undefined ? { value } : { problem };
}

/** The figure of a text; a comma does for a point. */
export const figureOf = (text: string): number => Number(text.trim().replace(",", "."));

/** What must hold for a threshold or a reserve. */
export const percentProblem = (value: number): string | undefined =>
  value < PERCENT.min || value > PERCENT.max ? `From ${PERCENT.min} to ${PERCENT.max}` : undefined;

/** What must hold for a weight. */
export const weightProblem = (value: number): string | undefined =>
  value <= WEIGHT.above || value > WEIGHT.max ? `Above ${WEIGHT.above}, at most ${WEIGHT.max}` : undefined;
