import { epochMs, type Clock } from "@open-multi-auth/domain";

/** A process's clock that is set on from outside and runs as usual in between; only long timers follow the setting. */
export interface VirtualTime extends Clock {
  /** Sets the clock, and runs every long timer that is due by then. */
  moveTo(now: number): void;
}

/** From here on a delay is one of the world outside (a renewal, a reset), not of a connection or a disk. */
const LONG_MS = 1_000;
/** How long the machine is said to have been up before. */
const UP_MS = 60_000;

/** Puts this process's long timers on a clock that is set from outside. Called before anything else is loaded. */
export function compressTime(start: number): VirtualTime {
  let setTo = start;
  let setAt = performance.now();
  const now = (): number => setTo + Math.floor(performance.now() - setAt);
  const waiting = new Map<unknown, { readonly at: number; readonly run: () => void }>();
  const real = { set: globalThis.setTimeout, clear: globalThis.clearTimeout };

  const set = (run: (...args: unknown[]) => void, ms = 0, ...args: unknown[]): unknown => {
    if (ms < LONG_MS) return real.set(run, ms, ...args);
    const timer = { unref: () => timer, ref: () => timer, hasRef: () => false };
    waiting.set(timer, { at: now() + ms, run: () => run(...args) });
    return timer;
  };
  const clear = (timer: unknown): void => {
    if (!waiting.delete(timer)) real.clear(timer as NodeJS.Timeout);
  };
  Object.assign(globalThis, { setTimeout: set, clearTimeout: clear });

  return {
    now: () => epochMs(now()),
    upMs: () => now() - start + UP_MS,
    moveTo(next) {
      setTo = next;
      setAt = performance.now();
      for (const [timer, { at, run }] of waiting) {
        if (at > now()) continue;
        waiting.delete(timer);
        run();
      }
    },
  };
}
