import type { DurationMs } from "@open-multi-auth/domain";
import type { Timers } from "./ports.ts";

/** A promise that is there to be raced with: it resolves after `ms`, unless the timer is called off. */
export function lateness(
  ms: DurationMs,
  timers: Timers,
): { readonly late: Promise<"late">; readonly cancelTimer: () => void } {
  let ring: (late: "late") => void;
  const late = new Promise<"late">((resolve) => (ring = resolve));
  return { late, cancelTimer: timers.after(ms, () => ring("late")) };
}
