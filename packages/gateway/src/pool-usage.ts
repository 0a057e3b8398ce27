import type { EpochMs } from "@open-multi-auth/domain";
import type { PoolUsage, PoolWindow } from "./ports.ts";

/** What the upstream says of one account's limits, by header; `x-codex-turn-state` and the like are something else. */
const LIMITS_OF_ONE =
  /^x-codex-(?:.+-)?(?:(?:primary|secondary)-.+|credits-.+|rate-limit-reached-type|active-limit|limit-name|plan-type)$/;

/**
 * An answer's headers for the client, names and values in turn: what they say of the account that served gives way to what
 * the pool has left. A client that stops at one account's limit would stop while others can serve.
 *
 * The headers themselves stay as they are: what they say of the account is noted when the answer has ended.
 */
export function shownHeaders(headers: Iterable<[string, string]>, { fiveHour, weekly }: PoolUsage): string[] {
  const shown: string[] = [];
  for (const [name, value] of headers) if (!isOfOne(name)) shown.push(name, value);
  shown.push(...windowHeaders("primary", fiveHour), ...windowHeaders("secondary", weekly));
  return shown;
}

const isOfOne = (name: string): boolean => name.startsWith("x-codex-") && LIMITS_OF_ONE.test(name);

function windowHeaders(slot: string, window: PoolWindow | undefined): readonly string[] {
  if (window === undefined) return [];
  return [
    `x-codex-${slot}-used-percent`,
    String(window.usedPercent),
    `x-codex-${slot}-window-minutes`,
    String(window.windowMinutes),
    `x-codex-${slot}-reset-at`,
    String(seconds(window.resetAt)),
  ];
}

/** The answer of the usage endpoint, about the pool as if it were one account. */
export function usageReport({ isAllowed, fiveHour, weekly }: PoolUsage, now: EpochMs): object {
  return {
    plan_type: "unknown",
    rate_limit: {
      allowed: isAllowed,
      limit_reached: !isAllowed,
      primary_window: reportedWindow(fiveHour, now),
      secondary_window: reportedWindow(weekly, now),
    },
    code_review_rate_limit: null,
    additional_rate_limits: [],
    credits: { has_credits: false, unlimited: false, balance: "0" },
    spend_control: { reached: false },
    rate_limit_reached_type: null,
  };
}

function reportedWindow(window: PoolWindow | undefined, now: EpochMs): object | null {
  if (window === undefined) return null;
  return {
    used_percent: window.usedPercent,
    limit_window_seconds: window.windowMinutes * 60,
    reset_after_seconds: Math.max(0, seconds(window.resetAt) - seconds(now)),
    reset_at: seconds(window.resetAt),
  };
}

/** Clients read it into 32 bits; what does not fit would make them lose the whole report. */
const seconds = (at: EpochMs): number => Math.min(Math.floor(at / 1000), 2_147_483_647);
