import type { DurationMs } from "@open-multi-auth/domain";
import type { Timers } from "./ports.ts";

/** What is raced with, and what calls it off. */
export interface Lateness {
  readonly late: Promise<"late">;
  readonly cancelTimer: () => void;
}

/** A promise that is there to be raced with: it resolves after `ms`, unless the timer is called off. */
export function lateness(ms: DurationMs, timers: Timers): Lateness {
  let ring: (late: "late") => void;
  const late = new Promise<"late">((resolve) => (ring = resolve));
  return { late, cancelTimer: timers.after(ms, () => ring("late")) };
}
