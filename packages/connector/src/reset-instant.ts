import { epochMs, type DurationMs, type EpochMs } from "@open-multi-auth/domain";
import { numberOf } from "./json.ts";
import { windowsIn, type HeaderLookup } from "./observed-limits.ts";
import type { UpstreamError } from "./upstream-error.ts";

// No window is longer than a month; an instant beyond that is a fault of the wire or of a clock.
const LONGEST_MS: DurationMs = 35 * 24 * 3_600_000;

/**
 * When an exhausted account can be used again: the latest of what the body says and of the resets of the windows
 * that are used up, else what `Retry-After` says, else null.
 */
export function quotaReset(error: UpstreamError, header: HeaderLookup, now: EpochMs): EpochMs | null {
  const resets = windowsIn(header, now)
    .filter((window) => window.remaining === 0)
    .map((window) => window.resetAt ?? undefined);
  const known = [bodyReset(error, now), ...resets].filter((at) => isAhead(at, now));
  if (known.length > 0) return epochMs(Math.max(...known));
  const wait = retryAfter(header, now);
  return wait === undefined || wait > LONGEST_MS ? null : epochMs(now + wait);
}

/** The wait that `Retry-After` asks for, given in seconds or as an HTTP date. */
export function retryAfter(header: HeaderLookup, now: EpochMs): DurationMs | undefined {
  const value = header("retry-after")?.trim();
  if (value === undefined || value === "") return undefined;
  const seconds = numberOf(value);
  if (seconds !== undefined) return seconds >= 0 ? seconds * 1000 : undefined;
  const wait = Date.parse(value) - now;
  return Number.isFinite(wait) ? Math.max(0, wait) : undefined;
}

// The instant is preferred; the seconds count when it is missing, or past by a clock that runs ahead.
function bodyReset({ resetsAt, resetsInSeconds }: UpstreamError, now: EpochMs): number | undefined {
  if (resetsAt !== undefined && isAhead(resetsAt * 1000, now)) return resetsAt * 1000;
  return resetsInSeconds === undefined ? undefined : now + resetsInSeconds * 1000;
}

function isAhead(at: number | undefined, now: EpochMs): at is number {
  return at !== undefined && at > now && at <= now + LONGEST_MS;
}
