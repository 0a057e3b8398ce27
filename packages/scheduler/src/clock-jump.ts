import type { EpochMs } from "@open-multi-auth/domain";

/** The clocks are compared only once the wall clock has moved this far: what is less hardly matters to an idle window. */
const NOTICED_MS = 60_000;

/**
 * Tells, each time it is asked, by how many ms the wall clock was set since: forward, or back (below 0).
 *
 * Time that the machine slept is no jump, since `upMs` counts that too.
 *
 * @param upMs - for how long the machine has been up; without it, or where it is not a number, no jump is seen
 */
export function watchClock(upMs: (() => number) | undefined): (now: EpochMs) => number {
  let seenAt = -Infinity;
  // When the machine was started, by the wall clock as it is set.
  let startedAt: number | undefined;
  return (now) => {
    const movedMs = Math.abs(now - seenAt);
    seenAt = now;
    if (upMs === undefined || movedMs < NOTICED_MS) return 0;
    const before = startedAt;
    startedAt = now - upMs();
    const jumpedMs = startedAt - (before ?? startedAt);
    return Math.abs(jumpedMs) >= NOTICED_MS ? jumpedMs : 0;
  };
}
