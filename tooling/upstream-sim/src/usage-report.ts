import type { AccountProfile } from "./account.ts";
import { exhaustedWindow, resetOf, windowMinutes, windowsAt, type QuotaWindow } from "./windows.ts";

/** The body of `GET /wham/usage`. */
export function usageReport(profile: AccountProfile, windows: readonly QuotaWindow[], now: number): unknown {
  const [primary, secondary] = windowsAt(windows, now);
  const limitReached = exhaustedWindow(windows, now) !== null;
  return {
    user_id: profile.userId,
    account_id: profile.accountId,
    email: profile.email,
    plan_type: profile.planType,
    rate_limit: {
      allowed: !limitReached,
      limit_reached: limitReached,
      primary_window: reportWindow(primary, now),
      secondary_window: reportWindow(secondary, now),
    },
    code_review_rate_limit: null,
    additional_rate_limits: [],
    credits: { has_credits: false, unlimited: false, balance: "0" },
    spend_control: { reached: false },
    rate_limit_reached_type: limitReached ? { type: "rate_limit_reached" } : null,
    rate_limit_reset_credits: { available_count: 0 },
  };
}

// Whole percents and seconds: real clients read these fields as integers.
function reportWindow(window: QuotaWindow | undefined, now: number): unknown {
  if (window === undefined) return null;
  const resetsAt = resetOf(window, now);
  return {
    used_percent: Math.floor(window.usedPercent),
    limit_window_seconds: windowMinutes[window.name] * 60,
    reset_after_seconds: Math.ceil((resetsAt - now) / 1000),
    reset_at: resetsAt / 1000,
  };
}
