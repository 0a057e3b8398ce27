import {
  after,
  type Account,
  type DurationMs,
  type EpochMs,
  type FailoverReason,
  type Model,
  type ObservedLimits,
  type Random,
  type Settings,
} from "@open-multi-auth/domain";
import { afterBurst, afterTaken } from "./capacity.ts";
import { afterFailure, afterSuccess, withRest } from "./health.ts";

const UNKNOWN_RESET_MS = 5 * 60_000;
const LONGEST_RETRY_AFTER_MS = 24 * 60 * 60_000;

/** What a request's outcome means for the account it was sent with. */
export type AccountEvent =
  /** A whole answer came; `startedAt` is when its request was sent. */
  | { readonly kind: "served"; readonly startedAt: EpochMs; readonly observed?: ObservedLimits }
  /** The quota is used up until then; `null` where upstream did not say. */
  | { readonly kind: "quota"; readonly until: EpochMs | null; readonly observed?: ObservedLimits }
  /**
   * The credential is dead: the person links the account again. `fingerprint` is that of the token that was refused:
   * the event is void for an account that has another one by now.
   */
  | { readonly kind: "auth-invalid"; readonly reason: FailoverReason; readonly fingerprint?: string }
  /** The credential could not be refreshed for a passing reason. */
  | { readonly kind: "token-unavailable"; readonly restMs: DurationMs }
  | { readonly kind: "workspace" }
  | { readonly kind: "model"; readonly model: Model; readonly error: string }
  /** An error that passes: overload, network, timeout. */
  | {
      readonly kind: "transient";
      readonly retryAfterMs?: DurationMs;
      /** Requests that the account had under way, with this one, where there may have been too many. */
      readonly inFlight?: number;
    };

/** What an event is judged by. */
export interface EventContext {
  readonly settings: Settings;
  readonly now: EpochMs;
  readonly random: Random;
}

/**
 * The account after an event: its cooldowns, health, observed limits and counters.
 *
 * A failure never shortens a cooldown, and a success ends one only if it was not set after the request had begun.
 */
export function applyAccountEvent(account: Account, event: AccountEvent, context: EventContext): Account {
  const { settings, now } = context;
  switch (event.kind) {
    case "served":
      return served(account, event, context);
    case "quota": {
      const known = event.until !== null && event.until > now ? event.until : undefined;
      const refused = { ...observe(account, event.observed), quotaRefusedAt: now };
      return coolDown(refused, known ?? after(now, UNKNOWN_RESET_MS), now);
    }
    case "auth-invalid":
      return { ...account, authInvalid: true, authInvalidatedAt: now, authInvalidReason: event.reason };
    case "token-unavailable":
      return coolDown(account, after(now, event.restMs), now);
    case "workspace":
      return { ...account, workspaceDeactivatedUntil: after(now, settings.workspaceRestMs) };
    case "model": {
      const resting = Object.entries(account.modelUnsupported ?? {}).filter(([, { until }]) => until > now);
      const rest = { until: after(now, settings.modelRestMs), error: event.error };
      return { ...account, modelUnsupported: Object.fromEntries([...resting, [event.model, rest]]) };
    }
    case "transient":
      return failed(afterBurst(account, event.inFlight, now), event.retryAfterMs, context);
    default:
      return event satisfies never;
  }
}

/** Whether an event must survive a crash: all that keeps an account from being used, not the counting of answers. */
export function isDurable(event: AccountEvent): boolean {
  return event.kind !== "served";
}

function served(
  account: Account,
  { startedAt, observed }: AccountEvent & { kind: "served" },
  { settings, now }: EventContext,
): Account {
  const taken = afterTaken(observe(account, observed), now);
  const { rateLimitedUntil, rateLimitedAt } = taken;
  const keeps = rateLimitedUntil !== undefined && rateLimitedAt !== undefined && rateLimitedAt > startedAt;
  return {
    ...(keeps ? taken : withoutLimit(taken)),
    health: afterSuccess(account, settings.health, { startedAt, now }),
    usageCount: account.usageCount + 1,
    lastUsed: now,
  };
}

function withoutLimit(account: Account): Account {
  const isFree = [account.rateLimitedUntil, account.rateLimitedAt, account.quotaRefusedAt].every(
    (at) => at === undefined,
  );
  // Leaving fields out is far dearer than a plain copy, and hardly any account has one of these.
  if (isFree) return account;
  const { rateLimitedUntil: _until, rateLimitedAt: _at, quotaRefusedAt: _refusedAt, ...free } = account;
  return free;
}

/**
 * Failures while an account rests are of requests that were under way with the one it rests for, or of a last
 * resort: they count once.
 */
function failed(
  account: Account,
  retryAfterMs: DurationMs | undefined,
  { settings, now, random }: EventContext,
): Account {
  const isResting = [account.rateLimitedUntil, account.health.rest?.until].some(
    (at) => at !== undefined && at > now,
  );
  const health = isResting ? account.health : afterFailure(account, settings.health, now);
  if (retryAfterMs !== undefined) {
    return coolDown({ ...account, health }, after(now, Math.min(retryAfterMs, LONGEST_RETRY_AFTER_MS)), now);
  }
  return isResting ? account : { ...account, health: withRest(health, settings.health, now, random) };
}

function coolDown(account: Account, until: EpochMs, now: EpochMs): Account {
  if (account.rateLimitedUntil !== undefined && account.rateLimitedUntil >= until) return account;
  return { ...account, rateLimitedUntil: until, rateLimitedAt: now };
}

/** A window that the answer did not speak of keeps its last reading, which ends by itself. */
function observe(account: Account, observed: ObservedLimits | undefined): Account {
  if (!observed || (account.observed && account.observed.at > observed.at)) return account;
  return { ...account, observed: { ...account.observed, ...observed } };
}
