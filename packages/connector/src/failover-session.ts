import type { AccountId, FailoverReason, Ineligibility } from "@open-multi-auth/domain";
import type { Candidate } from "@open-multi-auth/scheduler";

/** One request's walk over the accounts. A value: every step gives the next one. */
export interface FailoverSession {
  /** Accounts still to try, best first. */
  readonly waiting: readonly AccountId[];
  /** Accounts that the request was meant for, in this order. */
  readonly tried: readonly AccountId[];
  /** Those of them that it was really sent with: they had a token. */
  readonly sent: readonly AccountId[];
  /** Why each account that was tried, or passed over, did not serve. */
  readonly reasons: ReadonlyMap<AccountId, FailoverReason>;
  readonly transientLeft: number;
}

/** Starts the walk over accounts in their order. */
export function startFailover(order: readonly AccountId[], maxTransientAttempts: number): FailoverSession {
  return { waiting: order, tried: [], sent: [], reasons: new Map(), transientLeft: maxTransientAttempts };
}

/** Goes on over the whole order once the first account of it has failed. */
export function widened(session: FailoverSession, order: readonly AccountId[]): FailoverSession {
  const { tried, reasons } = session;
  return { ...session, waiting: order.filter((id) => !tried.includes(id) && !reasons.has(id)) };
}

/** The account to try next; none when all were tried or the budget for transient failures is spent. */
export function nextAccount({ waiting, transientLeft }: FailoverSession): AccountId | undefined {
  return transientLeft > 0 ? waiting[0] : undefined;
}

/** Takes an account off the list because it is its turn. */
export function trying(session: FailoverSession, id: AccountId): FailoverSession {
  return { ...session, waiting: without(session.waiting, id), tried: [...without(session.tried, id), id] };
}

/** Notes that the request goes out with the account: it is not sent with it again. */
export function sending(session: FailoverSession, id: AccountId): FailoverSession {
  return { ...session, sent: [...session.sent, id] };
}

/** Takes an account off the list that became ineligible while others were tried. */
export function passedOver(session: FailoverSession, id: AccountId, reason: FailoverReason): FailoverSession {
  return { ...session, waiting: without(session.waiting, id), reasons: named(session, id, reason) };
}

/** Notes why the account did not serve. */
export function failed(
  session: FailoverSession,
  id: AccountId,
  reason: FailoverReason,
  spendsTransientBudget: boolean,
): FailoverSession {
  const transientLeft = session.transientLeft - (spendsTransientBudget ? 1 : 0);
  return { ...session, reasons: named(session, id, reason), transientLeft };
}

/**
 * Goes on with accounts that turned out eligible after all. None is sent the request a second time, and one that had
 * no token is asked again only where its credential was replaced.
 */
export function resumed(
  session: FailoverSession,
  eligible: readonly AccountId[],
  isReplaced: (id: AccountId) => boolean,
): FailoverSession {
  const { sent, tried } = session;
  const waiting = eligible.filter((id) => !sent.includes(id) && (!tried.includes(id) || isReplaced(id)));
  return { ...session, waiting };
}

/** One reason for every account: what happened in this request, else why it could not take part. */
export function reasonsOf(
  session: FailoverSession,
  candidates: readonly Candidate[],
): ReadonlyMap<AccountId, FailoverReason> {
  const reasons = new Map(session.reasons);
  for (const candidate of candidates) {
    const { accountId } = candidate;
    if (!reasons.has(accountId)) reasons.set(accountId, causeOf(candidate));
  }
  return reasons;
}

function causeOf({ reasons: [code], authInvalidReason }: Candidate): FailoverReason {
  if (code === "auth-invalid" && authInvalidReason !== undefined) return authInvalidReason;
  return reasonOfIneligibility(code);
}

/** Why an account that may not be selected did not serve; `skipped` stands where there is no cause. */
export function reasonOfIneligibility(code: Ineligibility | undefined): FailoverReason {
  return code === undefined ? "skipped" : REASONS[code];
}

const REASONS: Readonly<Record<Ineligibility, FailoverReason>> = {
  disabled: "disabled",
  "auth-invalid": "expired-refresh-failed",
  "cooling-down": "cooling-down",
  "workspace-resting": "workspace-deactivated",
  "model-resting": "model-unsupported",
  "reserve-reached": "quota-exhausted",
  "health-down": "transient",
  "at-capacity": "transient",
};

function without(ids: readonly AccountId[], id: AccountId): readonly AccountId[] {
  return ids.filter((other) => other !== id);
}

// The first cause stands, and a cause takes the place of a mere `skipped`.
function named(
  session: FailoverSession,
  id: AccountId,
  reason: FailoverReason,
): Map<AccountId, FailoverReason> {
  const reasons = new Map(session.reasons);
  const before = reasons.get(id);
  if (before === undefined || before === "skipped") reasons.set(id, reason);
  return reasons;
}
