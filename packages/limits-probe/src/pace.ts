import { after, type EpochMs, type RateLimitWindow } from "@open-multi-auth/domain";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
/** Earlier in a window, a few requests would make any forecast. */
const TOO_EARLY = 0.03;
/** Percent points beside an even pace up to which it counts as even. */
const ON_TRACK = 2;

/** How a window is being used up, seen from an even pace: all of it, evenly, to its end. */
export interface Pace {
  /** Percent of the window per hour, since the window began. */
  readonly burnPerHour: number;
  /** Percent points used beyond an even pace; less than nothing where there is some in reserve. */
  readonly deficit: number;
  readonly stage: "on-track" | "deficit" | "reserve";
  /** When nothing is left at this pace; null where it lasts until the reset. */
  readonly runsOutAt: EpochMs | null;
  /** Percent that the reset will throw away at this pace. */
  readonly waste: number;
}

/**
 * The pace of one window, as its last reading saw it.
 *
 * @returns undefined where nothing can be said: no known reset, a window that is over, or one that has just begun
 */
export function paceOf(window: RateLimitWindow, now: EpochMs): Pace | undefined {
  const { resetAt, updatedAt, remaining } = window;
  if (resetAt === null || resetAt <= now) return undefined;
  const length = window.windowMinutes * MINUTE_MS;
  const elapsed = length - (resetAt - updatedAt);
  if (elapsed < length * TOO_EARLY || elapsed > length) return undefined;
  const used = 100 - remaining;
  const perMs = used / elapsed;
  const deficit = used - (elapsed / length) * 100;
  const lasts = perMs * (resetAt - updatedAt) <= remaining;
  return {
    burnPerHour: perMs * HOUR_MS,
    deficit,
    stage: Math.abs(deficit) <= ON_TRACK ? "on-track" : deficit > 0 ? "deficit" : "reserve",
    runsOutAt: lasts ? null : after(updatedAt, remaining / perMs),
    waste: Math.max(0, remaining - perMs * (resetAt - updatedAt)),
  };
}
