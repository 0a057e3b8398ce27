import type { DurationMs } from "@open-multi-auth/domain";
import type { Timers } from "./ports.ts";

interface Deadline {
  readonly run: () => void;
  /** In ticks, which are counted from the first deadline. */
  readonly tick: number;
}

/**
 * Deadlines of many requests on one timer. Nearly all are called off in time, and a runtime's own timer costs more
 * than the rest of a request's bookkeeping.
 *
 * @param tickMs how much later than asked for a deadline may be met
 */
export function createDeadlines(timers: Timers, tickMs: DurationMs): Timers {
  const waiting = new Set<Deadline>();
  let tick = 0;
  let isTicking = false;

  function onTick(): void {
    tick += 1;
    for (const deadline of waiting) {
      if (deadline.tick > tick) continue;
      waiting.delete(deadline);
      deadline.run();
    }
    isTicking = waiting.size > 0;
    if (isTicking) timers.after(tickMs, onTick);
  }

  return {
    after(ms, run) {
      const deadline = { run, tick: tick + Math.ceil(ms / tickMs) + 1 };
      waiting.add(deadline);
      if (!isTicking) timers.after(tickMs, onTick);
      isTicking = true;
      return () => void waiting.delete(deadline);
    },
  };
}
