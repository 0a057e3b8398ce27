import type { Account } from "@open-multi-auth/domain";
import { describeFailure } from "./describe.ts";
import type { ProbeOutcome } from "./outcome.ts";

/** Readings kept per account; the oldest goes first. */
const HISTORY = 100;

/**
 * What a probe's outcome makes of an account: the one place that writes its limits.
 *
 * Only a success changes numbers, and it changes them all, so that both windows are always of one answer. A failure
 * leaves them and says what failed. An outcome that was asked for before the last success came is void.
 */
export function applyProbe(account: Account, outcome: ProbeOutcome): Account {
  if (isOutdated(account, outcome)) return account;
  switch (outcome.kind) {
    case "success":
      return succeeded(account, outcome);
    case "failure":
      return {
        ...account,
        limitStatus: "error",
        limitError: describeFailure(outcome.source, outcome.error),
        limitErrorSource: outcome.source,
        lastLimitErrorAt: outcome.startedAt,
      };
    case "stopped":
      return { ...account, limitStatus: "stopped" };
    default:
      return outcome satisfies never;
  }
}

/** Asked earlier than what is known already. A success of the future is one of a clock that was wrong. */
function isOutdated({ lastLimitProbeAt: last }: Account, outcome: ProbeOutcome): boolean {
  return last !== undefined && outcome.startedAt < last && last <= outcome.finishedAt;
}

function succeeded(
  account: Account,
  { reading, source, startedAt: at }: ProbeOutcome & { readonly kind: "success" },
): Account {
  const { limitError: _error, limitErrorSource: _source, lastLimitErrorAt: _failedAt, ...kept } = account;
  const { fiveHour, weekly } = reading;
  const entry = {
    at,
    source: source.kind,
    ...(fiveHour && { fiveHour: { remaining: fiveHour.remaining, resetAt: fiveHour.resetAt } }),
    ...(weekly && { weekly: { remaining: weekly.remaining, resetAt: weekly.resetAt } }),
  };
  return {
    ...kept,
    rateLimits: { ...(fiveHour && { fiveHour }), ...(weekly && { weekly }), at, source },
    rateLimitHistory: [...kept.rateLimitHistory, entry].slice(-HISTORY),
    limitStatus: "success",
    lastLimitProbeAt: at,
  };
}
