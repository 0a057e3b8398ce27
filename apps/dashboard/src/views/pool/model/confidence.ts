import type { AccountView } from "@open-multi-auth/domain";

const FRESH_MS = 5 * 60_000;
const KNOWN_MS = 60 * 60_000;

/**
 * How far a reading can be trusted at `now`. The rule is the domain's; it is applied again here, so that a page without
 * news goes from fresh to stale to unknown by itself.
 */
export function confidenceAt(account: AccountView, now: number): AccountView["limitsConfidence"] {
  const success = instant(account.lastLimitProbeAt);
  if (success === undefined || success + KNOWN_MS < now) return "unknown";
  const lastError = instant(account.lastLimitErrorAt) ?? 0;
  if (account.limitStatus === "error" || lastError > success) return "error";
  return now <= success + FRESH_MS ? "fresh" : "stale";
}

const instant = (iso: string | undefined): number | undefined =>
  iso === undefined ? undefined : Date.parse(iso);
