import {
  epochMs,
  failure,
  FIVE_HOUR_MINUTES,
  WEEKLY_MINUTES,
  type EpochMs,
  type RateLimitWindow,
} from "@open-multi-auth/domain";
import { err, ok, type Result } from "neverthrow";
import type { ProbeError } from "./errors.ts";
import type { LimitsReading } from "./outcome.ts";

/** A window as a source tells it, in our units. */
export interface ToldWindow {
  readonly usedPercent: number;
  readonly windowMinutes: number | null;
  /** Seconds since the epoch. */
  readonly resetsAt: number | null;
}

/** Lengths are told rounded down at times: 299, 10079. */
const SLACK_MINUTES = 1;

/** Sorts windows by their length; the slot that one came in says nothing. One of another length is left out. */
export function readingOf(
  windows: readonly (ToldWindow | null)[],
  at: EpochMs,
): Result<LimitsReading, ProbeError> {
  const fiveHour = ofLength(FIVE_HOUR_MINUTES, windows, at);
  const weekly = ofLength(WEEKLY_MINUTES, windows, at);
  if (fiveHour === undefined && weekly === undefined) {
    return err(
      failure("PROBE_LIMITS_MISSING", "the answer names neither a five-hour nor a weekly limit", {}),
    );
  }
  return ok({ ...(fiveHour && { fiveHour }), ...(weekly && { weekly }) });
}

function ofLength(
  minutes: number,
  windows: readonly (ToldWindow | null)[],
  at: EpochMs,
): RateLimitWindow | undefined {
  const told = windows.find(
    (window) =>
      typeof window?.windowMinutes === "number" && Math.abs(window.windowMinutes - minutes) <= SLACK_MINUTES,
  );
  if (!told) return undefined;
  return {
    // More than all can be used; less than nothing cannot.
    remaining: Math.max(0, 100 - told.usedPercent),
    resetAt: told.resetsAt === null || told.resetsAt <= 0 ? null : epochMs(told.resetsAt * 1000),
    windowMinutes: minutes,
    updatedAt: at,
  };
}
