import {
  FIVE_HOUR_MINUTES,
  WEEKLY_MINUTES,
  type EpochMs,
  type ObservedLimits,
  type RateLimitWindow,
} from "@open-multi-auth/domain";
import { defined, instantOf, isFields } from "./values.ts";
import type { Fields } from "./types.ts";

/** History that is kept; what is older is of no use. */
const NEWEST = 100;

/**
 * Limits of an earlier plugin. They count as observed, never as authoritative: headers of any answer were mixed
 * into them.
 *
 * @param at when they were seen, where the file does not say
 */
export function observedLimits(rateLimits: unknown, at: EpochMs): ObservedLimits | undefined {
  if (!isFields(rateLimits)) return undefined;
  const fiveHour = windowOf(rateLimits["fiveHour"], FIVE_HOUR_MINUTES, at);
  const weekly = windowOf(rateLimits["weekly"], WEEKLY_MINUTES, at);
  const seen = [fiveHour, weekly].flatMap((window) => window?.updatedAt ?? []).toSorted((a, b) => b - a);
  if (seen[0] === undefined) return undefined;
  return { ...(fiveHour && { fiveHour }), ...(weekly && { weekly }), at: seen[0] };
}

/** The newest readings of a history, oldest first; readings without a time are left out. */
export function newestHistory(history: unknown): Fields[] {
  const entries = Array.isArray(history) ? history : [];
  return entries
    .filter((entry): entry is Fields => isFields(entry) && instantOf(entry["at"]) !== undefined)
    .toSorted((a, b) => Number(a["at"]) - Number(b["at"]))
    .slice(-NEWEST)
    .map((entry) =>
      defined({
        ...entry,
        source: "import",
        fiveHour: pointOf(entry["fiveHour"]),
        weekly: pointOf(entry["weekly"]),
      }),
    );
}

function windowOf(value: unknown, windowMinutes: number, at: EpochMs): RateLimitWindow | undefined {
  const point = pointOf(value);
  if (point === undefined || !isFields(value)) return undefined;
  return { ...point, windowMinutes, updatedAt: instantOf(value["updatedAt"]) ?? at };
}

function pointOf(value: unknown): { remaining: number; resetAt: EpochMs | null } | undefined {
  if (!isFields(value)) return undefined;
  const { remaining, limit, resetAt } = value;
  if (typeof remaining !== "number" || !Number.isFinite(remaining)) return undefined;
  const percent = typeof limit === "number" && limit > 0 ? (remaining / limit) * 100 : remaining;
  return { remaining: Math.min(100, Math.max(0, percent)), resetAt: instantOf(resetAt) ?? null };
}
