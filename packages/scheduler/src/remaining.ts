import { epochMs, type Account, type EpochMs, type RateLimitWindow } from "@open-multi-auth/domain";

const MINUTE_MS = 60_000;

/** The percent left of the account's tightest window; `undefined` where nothing is known, which is not low. */
export function remainingPercent(account: Account, now: EpochMs): number | undefined {
  const fiveHour = left(newestWindow(account, "fiveHour"), now);
  const weekly = left(newestWindow(account, "weekly"), now);
  if (fiveHour === undefined) return weekly;
  return weekly === undefined ? fiveHour : Math.min(fiveHour, weekly);
}

/** The instant by which no window is at or under `percent` any more. */
export function recoversAt(account: Account, percent: number, now: EpochMs): EpochMs {
  let at = now;
  for (const slot of SLOTS) {
    const window = newestWindow(account, slot);
    if (window && window.remaining <= percent && endOf(window) > at) at = endOf(window);
  }
  return at;
}

/** A window at one instant. */
export interface WindowNow {
  /** Percent left. */
  readonly remaining: number;
  readonly resetAt: EpochMs;
}

/** The newest that is known of a window: full, and beginning now, where it has ended since. */
export function windowNow(account: Account, slot: Slot, now: EpochMs): WindowNow | undefined {
  const window = newestWindow(account, slot);
  if (!window) return undefined;
  const resetAt = endOf(window);
  if (resetAt > now) return { remaining: window.remaining, resetAt };
  return { remaining: 100, resetAt: epochMs(now + window.windowMinutes * MINUTE_MS) };
}

/** The windows of an account, told by their length. */
export type Slot = (typeof SLOTS)[number];

const SLOTS = ["fiveHour", "weekly"] as const;

/** Each window by its own name: this is asked of every account for every request, and a computed name costs twice as much. */
function newestWindow({ observed, rateLimits }: Account, slot: Slot): RateLimitWindow | undefined {
  return slot === "fiveHour"
    ? newer(observed?.fiveHour, rateLimits?.fiveHour)
    : newer(observed?.weekly, rateLimits?.weekly);
}

function newer(
  observed: RateLimitWindow | undefined,
  probed: RateLimitWindow | undefined,
): RateLimitWindow | undefined {
  if (!observed || !probed) return observed ?? probed;
  return observed.updatedAt >= probed.updatedAt ? observed : probed;
}

function left(window: RateLimitWindow | undefined, now: EpochMs): number | undefined {
  return window && (endOf(window) <= now ? 100 : window.remaining);
}

/** A window without a known reset is full again after its own length at the latest. */
function endOf(window: RateLimitWindow): EpochMs {
  return window.resetAt ?? epochMs(window.updatedAt + window.windowMinutes * MINUTE_MS);
}
