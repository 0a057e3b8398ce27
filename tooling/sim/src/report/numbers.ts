import type { Estimate } from "../statistics.ts";

/** A figure with as many digits as it deserves. */
export function short(value: number): string {
  if (value !== 0 && Math.abs(value) < 0.05) return value > 0 ? "<0.1" : ">-0.1";
  return value.toFixed(Math.abs(value) < 100 ? 1 : 0);
}

/** A mean with its 95 % margin; the mean alone where one seed tells nothing of it. */
export function withMargin({ mean, margin }: Estimate): string {
  return Number.isFinite(margin) ? `${short(mean)} ± ${short(margin)}` : short(mean);
}
