import type { AccountView } from "@open-multi-auth/domain";
import { percent } from "../../../format/percent.ts";

type WindowView = NonNullable<NonNullable<AccountView["limits"]>["weekly"]>;

/** The two windows of an account. */
export type Slot = "fiveHour" | "weekly";

const MINUTE_MS = 60_000;
/** Earlier in a window nothing can be said about the pace. */
const TOO_EARLY = 0.03;
const ON_PACE = 2;

/** One window as its ruler shows it. */
export interface Gauge {
  /** Percent left, whole. */
  readonly left: number;
  /** The same in words. */
  readonly text: string;
  /** Where an even pace would be, percent; undefined where it says nothing. */
  readonly even: number | undefined;
  readonly level: "fine" | "low" | "critical";
  /** What stands beside the figure, and whether it is a worry. */
  readonly gap: { readonly text: string; readonly isShort: boolean } | undefined;
  readonly resetAt: number | undefined;
  /** The window is over: what was read of it no longer holds. */
  readonly isOver: boolean;
}

/** Reads a window at `now`. */
export function gaugeOf(
  window: WindowView,
  now: number,
  thresholds: { readonly lowThreshold: number; readonly criticalThreshold: number },
): Gauge {
  const { remaining } = window;
  // Nearly used up is not used up.
  const left = remaining > 0 && remaining < 1 ? 1 : Math.round(remaining);
  const resetAt = window.resetAt === null ? undefined : Date.parse(window.resetAt);
  const isOver = resetAt !== undefined && resetAt <= now;
  const even = isOver ? undefined : evenPace(resetAt, window.windowMinutes, now);
  return {
    left,
    text: percent(remaining),
    even,
    level:
      remaining < thresholds.criticalThreshold
        ? "critical"
        : remaining < thresholds.lowThreshold
          ? "low"
          : "fine",
    gap: gapOf(left, even),
    resetAt,
    isOver,
  };
}

function evenPace(resetAt: number | undefined, windowMinutes: number, now: number): number | undefined {
  if (resetAt === undefined) return undefined;
  const share = (resetAt - now) / (windowMinutes * MINUTE_MS);
  return share > 1 - TOO_EARLY ? undefined : share * 100;
}

function gapOf(left: number, even: number | undefined): Gauge["gap"] {
  if (left === 0) return { text: "used up", isShort: false };
  if (even === undefined) return undefined;
  const gap = Math.round(left - even);
  if (Math.abs(gap) <= ON_PACE) return { text: "on pace", isShort: false };
  return gap > 0 ? { text: `${gap}% spare`, isShort: false } : { text: `${-gap}% short`, isShort: true };
}
