import {
  epochMs,
  FIVE_HOUR_MINUTES,
  WEEKLY_MINUTES,
  type EpochMs,
  type ObservedLimits,
  type RateLimitWindow,
} from "@open-multi-auth/domain";
import type { Outcome } from "./classify.ts";
import { numberOf } from "./json.ts";

/** Reads a header of an answer; null when it has none of this name. */
export type HeaderLookup = (name: string) => string | null;

const SLOTS = ["primary", "secondary"] as const;

/** The windows that an answer's headers tell of, in the order of their slots. */
export function windowsIn(header: HeaderLookup, now: EpochMs): readonly RateLimitWindow[] {
  const windows: RateLimitWindow[] = [];
  for (const slot of SLOTS) {
    const used = numberIn(header, `x-codex-${slot}-used-percent`);
    const minutes = numberIn(header, `x-codex-${slot}-window-minutes`);
    if (used === undefined || minutes === undefined || minutes <= 0) continue;
    const remaining = Math.min(100, Math.max(0, 100 - used));
    windows.push({ remaining, resetAt: resetOf(header, slot, now), windowMinutes: minutes, updatedAt: now });
  }
  return windows;
}

/** The limits that an outcome's headers tell, where it is an answer. */
export function observedIn(outcome: Outcome, now: EpochMs): ObservedLimits | undefined {
  return outcome.kind === "answer" ? observedLimits(outcome.header, now) : undefined;
}

/** The limits that an answer's headers tell, each window known by its length and never by its slot. */
export function observedLimits(header: HeaderLookup, now: EpochMs): ObservedLimits | undefined {
  const windows = windowsIn(header, now);
  const fiveHour = windows.find((window) => window.windowMinutes === FIVE_HOUR_MINUTES);
  const weekly = windows.find((window) => window.windowMinutes === WEEKLY_MINUTES);
  if (fiveHour === undefined && weekly === undefined) return undefined;
  return {
    at: now,
    ...(fiveHour === undefined ? {} : { fiveHour }),
    ...(weekly === undefined ? {} : { weekly }),
  };
}

function resetOf(header: HeaderLookup, slot: string, now: EpochMs): EpochMs | null {
  const at = numberIn(header, `x-codex-${slot}-reset-at`);
  if (at !== undefined && at > 0) return epochMs(at * 1000);
  const seconds = numberIn(header, `x-codex-${slot}-reset-after-seconds`);
  return seconds === undefined || seconds < 0 ? null : epochMs(now + seconds * 1000);
}

function numberIn(header: HeaderLookup, name: string): number | undefined {
  return numberOf(header(name));
}
