import type { ProbeSchedule } from "@open-multi-auth/runtime-node/limits";

/** So long after a request the person still works: the next will follow. */
const ACTIVE_MS = 10 * 60_000;
/** The first request has the network for itself. */
const DELAY_MS = 5_000;

/** Runs something later; the returned function calls it off. */
export interface Timers {
  after(ms: number, run: () => void): () => void;
}

/**
 * Keeps limits fresh while OpenCode is at work; an OpenCode that only stands open asks nobody.
 *
 * @returns to be called at each request, and to be ended
 */
export function freshLimits(limits: ProbeSchedule, timers: Timers): { used(): void; end(): void } {
  let unwatch: (() => void) | undefined;
  let callOffStart: (() => void) | undefined;
  let callOffEnd: (() => void) | undefined;

  function end(): void {
    callOffStart?.();
    callOffEnd?.();
    unwatch?.();
    callOffStart = callOffEnd = unwatch = undefined;
  }

  return {
    used() {
      callOffEnd?.();
      callOffEnd = timers.after(ACTIVE_MS, end);
      if (unwatch !== undefined) return;
      callOffStart ??= timers.after(DELAY_MS, () => {
        unwatch = limits.watch();
      });
    },
    end,
  };
}
