import {
  after,
  epochMs,
  limitsConfidence,
  type Account,
  type DurationMs,
  type EpochMs,
  type RateLimitWindow,
} from "@open-multi-auth/domain";
import { paceOf } from "./pace.ts";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
/** Further ahead, no pace of today says anything. */
const HORIZON_MS = 28 * 24 * HOUR_MS;

/** How long the pool lasts at its present pace. */
export type Runway =
  | { readonly kind: "runs-out"; readonly at: EpochMs }
  /** Windows reset sooner than they empty, for as long as can be seen. */
  | { readonly kind: "lasts" }
  /** No account tells its pace, or not all of them while the others are empty. */
  | { readonly kind: "unknown" };

/**
 * How long the pool lasts, by the kind of window. It is over as soon as one of the two is: without either, no account
 * serves. Accounts that cannot serve, or whose limits nobody knows, are left out; only that all is empty nobody can say
 * who does not know all.
 */
export function poolRunway(
  accounts: readonly Account[],
  now: EpochMs,
): { readonly fiveHour: Runway; readonly weekly: Runway } {
  const usable = accounts.filter(({ enabled, authInvalid }) => enabled && authInvalid !== true);
  const told = usable.filter((account) => limitsConfidence(account, now) !== "unknown");
  const limits = told.map(({ rateLimits }) => rateLimits);
  const runway = (slot: "fiveHour" | "weekly"): Runway => {
    // An account without this limit serves on, however empty the others are.
    if (limits.some((limit) => limit && !limit[slot])) return { kind: "lasts" };
    const found = runwayOf(
      limits.flatMap((limit) => limit?.[slot] ?? []),
      now,
    );
    const isOver = found.kind === "runs-out" && found.at <= now;
    return isOver && told.length < usable.length ? { kind: "unknown" } : found;
  };
  return { fiveHour: runway("fiveHour"), weekly: runway("weekly") };
}

/**
 * How long all of these windows last together when they are used up, together, as fast as now; a window that resets is
 * full again. Windows are windows of one kind, one per account; a percent of one counts like that of another.
 */
function runwayOf(windows: readonly RateLimitWindow[], now: EpochMs): Runway {
  const paces = windows.map((window) => paceOf(window, now));
  if (paces.every((pace) => pace === undefined)) return { kind: "unknown" };
  const perMs = paces.reduce((sum, pace) => sum + (pace?.burnPerHour ?? 0), 0) / HOUR_MS;
  if (perMs === 0) return { kind: "lasts" };
  let tanks = windows.map((window) => tankAt(window, now));
  for (let at: number = now; at < now + HORIZON_MS;) {
    const left = tanks.reduce((sum, { percent }) => sum + percent, 0);
    const nextReset = Math.min(...tanks.map(({ fullAt }) => fullAt));
    const emptyAt = at + left / perMs;
    if (emptyAt <= nextReset) return { kind: "runs-out", at: epochMs(emptyAt) };
    const rest = left - perMs * (nextReset - at);
    // Whose share is used is not known; what is left is spread as it was.
    tanks = tanks.map((tank) =>
      tank.fullAt === nextReset
        ? { ...tank, percent: 100, fullAt: nextReset + tank.lengthMs }
        : { ...tank, percent: left === 0 ? 0 : tank.percent * (rest / left) },
    );
    at = nextReset;
  }
  return { kind: "lasts" };
}

interface Tank {
  readonly percent: number;
  readonly fullAt: number;
  readonly lengthMs: DurationMs;
}

function tankAt({ remaining, resetAt, updatedAt, windowMinutes }: RateLimitWindow, now: EpochMs): Tank {
  const lengthMs = windowMinutes * MINUTE_MS;
  const fullAt = resetAt ?? after(updatedAt, lengthMs);
  return fullAt <= now
    ? { percent: 100, fullAt: now + lengthMs, lengthMs }
    : { percent: remaining, fullAt, lengthMs };
}
