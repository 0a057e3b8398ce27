import {
  accountsOf,
  epochMs,
  limitsConfidence,
  toIso,
  type Account,
  type AccountView,
  type EpochMs,
  type RateLimitWindow,
  type Settings,
  type StoreV2,
} from "@open-multi-auth/domain";
import { paceOf } from "@open-multi-auth/limits-probe";
import { eligibility, healthState, reserveOf, weightOf } from "@open-multi-auth/scheduler";

const EXPIRING_MS = 5 * 60_000;

/** Every account as the API, `oma list` and `oma status` show it, in the order of linking. */
export function accountViews(store: StoreV2, settings: Settings, now: EpochMs): AccountView[] {
  return accountsOf(store).map((account) => accountView(account, { store, settings, now }));
}

interface Seen {
  readonly store: StoreV2;
  readonly settings: Settings;
  readonly now: EpochMs;
}

function accountView(account: Account, { store, settings, now }: Seen): AccountView {
  const { eligible, reasons, until } = eligibility(account, { settings, now });
  const forced = store.forcedAlias === account.alias && store.forcedUntil !== null && now < store.forcedUntil;
  return {
    id: account.id,
    alias: account.alias,
    email: account.email,
    planType: account.planType,
    enabled: account.enabled,
    disabledAt: isoOf(account.disabledAt),
    disabledBy: account.disabledBy,
    disableReason: account.disableReason,
    active: store.activeAlias === account.alias,
    forced,
    eligibility: { eligible, reasons: [...reasons], at: isoOf(until) },
    health: { state: healthState(account, now) },
    // A limit that a probe found reset early still has its instant, which nothing waits for any more.
    cooldownUntil: eligible ? undefined : isoOf(futureOnly(cooldownOf(account), now)),
    limits: limitsView(account),
    limitsConfidence: limitsConfidence(account, now),
    lastLimitProbeAt: isoOf(account.lastLimitProbeAt),
    limitStatus: account.limitStatus,
    limitError: account.limitError,
    limitErrorSource: account.limitErrorSource,
    lastLimitErrorAt: isoOf(account.lastLimitErrorAt),
    pace: paceView(account, now),
    weight: weightOf(settings, account.alias),
    reservePercent: reserveOf(settings, account.alias),
    usageCount: account.usageCount,
    lastUsed: isoOf(account.lastUsed),
    tags: account.tags,
    notes: account.notes,
    auth: authView(account, now),
  };
}

/** Authoritative limits only; what answers' headers said is not shown as such. */
function limitsView({ rateLimits }: Account): AccountView["limits"] {
  const at = rateLimits && toIso(rateLimits.at);
  if (!rateLimits || at === undefined) return null;
  return {
    fiveHour: windowView(rateLimits.fiveHour),
    weekly: windowView(rateLimits.weekly),
    at,
    source: rateLimits.source,
  };
}

function windowView(window: RateLimitWindow | undefined): NonNullable<AccountView["limits"]>["weekly"] {
  if (!window) return null;
  return {
    remaining: window.remaining,
    used: 100 - window.remaining,
    resetAt: (window.resetAt !== null && toIso(window.resetAt)) || null,
    windowMinutes: window.windowMinutes,
  };
}

/** Of limits that can be believed; where nothing can be said, nothing is. */
function paceView(account: Account, now: EpochMs): AccountView["pace"] {
  const { fiveHour, weekly } = account.rateLimits ?? {};
  if (limitsConfidence(account, now) === "unknown") return undefined;
  const [hours, week] = [fiveHour, weekly].map((window) => {
    const pace = window && paceOf(window, now);
    return pace && { ...pace, runsOutAt: isoOf(pace.runsOutAt ?? undefined) ?? null };
  });
  if (!hours && !week) return undefined;
  return { ...(hours && { fiveHour: hours }), ...(week && { weekly: week }) };
}

/** A token past its time is only `expiring`: it is renewed when next used. `invalid` needs the person. */
function authView(account: Account, now: EpochMs): AccountView["auth"] {
  if (account.authInvalid === true) {
    const { authInvalidatedAt, authInvalidReason: reason } = account;
    return { state: "invalid", invalidAt: isoOf(authInvalidatedAt), reason };
  }
  const state = account.expiresAt - now <= EXPIRING_MS ? "expiring" : "valid";
  return { state, expiresAt: account.expiresAt > 0 ? isoOf(account.expiresAt) : undefined };
}

/** The end of the longer of what upstream asked for and our own rest after failures. */
function cooldownOf({ rateLimitedUntil, health }: Account): EpochMs | undefined {
  const ends = [rateLimitedUntil, health.rest?.until].filter((at) => at !== undefined);
  return ends.length === 0 ? undefined : epochMs(Math.max(...ends));
}

function futureOnly(at: EpochMs | undefined, now: EpochMs): EpochMs | undefined {
  return at !== undefined && at > now ? epochMs(at) : undefined;
}

function isoOf(at: EpochMs | undefined): string | undefined {
  return at === undefined ? undefined : toIso(at);
}
