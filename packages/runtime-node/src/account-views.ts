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
import { eligibility } from "@open-multi-auth/scheduler";

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
    alias: account.alias,
    ...optional("email", account.email),
    ...optional("planType", account.planType),
    enabled: account.enabled,
    ...instant("disabledAt", account.disabledAt),
    ...optional("disabledBy", account.disabledBy),
    ...optional("disableReason", account.disableReason),
    active: store.activeAlias === account.alias,
    forced,
    eligibility: { eligible, reasons: [...reasons], ...instant("at", until) },
    health: { state: account.health.state },
    ...instant("cooldownUntil", futureOnly(account.rateLimitedUntil, now)),
    limits: limitsView(account),
    limitsConfidence: limitsConfidence(account, now),
    ...instant("lastLimitProbeAt", account.lastLimitProbeAt),
    limitStatus: account.limitStatus,
    ...optional("limitError", account.limitError),
    ...instant("lastLimitErrorAt", account.lastLimitErrorAt),
    weight: settings.accountWeights[account.alias] ?? 1,
    reservePercent: settings.reservePercent[account.alias] ?? 0,
    usageCount: account.usageCount,
    ...instant("lastUsed", account.lastUsed),
    tags: account.tags,
    ...optional("notes", account.notes),
    auth: authView(account, now),
  };
}

/** Authoritative limits only; what answers' headers said is not shown as such. */
function limitsView({ rateLimits }: Account): AccountView["limits"] {
  const at = rateLimits && toIso(rateLimits.at);
  if (!rateLimits || at === undefined) return null;
  return { fiveHour: windowView(rateLimits.fiveHour), weekly: windowView(rateLimits.weekly), at, source: rateLimits.source };
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

/** A token past its time is only `expiring`: it is renewed when next used. `invalid` needs the person. */
function authView(account: Account, now: EpochMs): AccountView["auth"] {
  if (account.authInvalid === true) return { state: "invalid" };
  const state = account.expiresAt - now <= EXPIRING_MS ? "expiring" : "valid";
  return { state, ...(account.expiresAt > 0 && instant("expiresAt", account.expiresAt)) };
}

function futureOnly(at: EpochMs | undefined, now: EpochMs): EpochMs | undefined {
  return at !== undefined && at > now ? epochMs(at) : undefined;
}

function optional<K extends string, V>(key: K, value: V | undefined): { [P in K]?: V } {
  return value === undefined ? {} : ({ [key]: value } as { [P in K]?: V });
}

function instant<K extends string>(key: K, at: EpochMs | undefined): { [P in K]?: string } {
  return optional(key, at === undefined ? undefined : toIso(at));
}
