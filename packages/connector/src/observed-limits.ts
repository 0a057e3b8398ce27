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

/** The names of one window's headers; made once, since every answer is asked for all of them. */
interface Slot {
  readonly usedPercent: string;
  readonly windowMinutes: string;
  readonly resetAt: string;
  readonly resetAfterSeconds: string;
}

const SLOTS: readonly Slot[] = ["primary", "secondary"].map((name) => ({
  usedPercent: `x-codex-${name}-used-percent`,
  windowMinutes: `x-codex-${name}-window-minutes`,
  resetAt: `x-codex-${name}-reset-at`,
  resetAfterSeconds: `x-codex-${name}-reset-after-seconds`,
}));

/** The windows that an answer's headers tell of, in the order of their slots. */
export function windowsIn(header: HeaderLookup, now: EpochMs): readonly RateLimitWindow[] {
  const windows: RateLimitWindow[] = [];
  for (const slot of SLOTS) {
    const used = numberIn(header, slot.usedPercent);
    const minutes = numberIn(header, slot.windowMinutes);
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

function resetOf(header: HeaderLookup, slot: Slot, now: EpochMs): EpochMs | null {
  const at = numberIn(header, slot.resetAt);
  if (at !== undefined && at > 0) return epochMs(at * 1000);
  const seconds = numberIn(header, slot.resetAfterSeconds);
  return seconds === undefined || seconds < 0 ? null : epochMs(now + seconds * 1000);
}

function numberIn(header: HeaderLookup, name: string): number | undefined {
  return numberOf(header(name));
}
