import { setTimeout as pause } from "node:timers/promises";
import type { Timers } from "../src/index.ts";

/** Timers of the event loop. */
export const realTimers: Timers = {
  after(ms, run) {
    const timer = setTimeout(run, ms).unref();
    return () => clearTimeout(timer);
  },
  pause: (ms) => pause(ms),
};
