import {
  after,
  type Account,
  type Alias,
  type DurationMs,
  type EpochMs,
  type FailoverReason,
  type RequestOutcome,
} from "@open-multi-auth/domain";
import { select, type Candidate, type Selection } from "@open-multi-auth/scheduler";
import { reasonsOf, type FailoverSession } from "./failover-session.ts";
import { decisionRecord } from "./journal.ts";
import { refusal, type Refusal, type RefusalDetails } from "./refusal.ts";
import type { Walk } from "./walk.ts";

/** Writes the request's decision record. */
export function finish(walk: Walk, served: Account | null, outcome: RequestOutcome): void {
  const { journal, session, context } = walk;
  const now = context.clock.now();
  const reasons = outcome === "refused" ? reasonsOf(session, journal.selection.candidates) : session.reasons;
  context.log.append(decisionRecord(journal, { outcome, served, reasons, now }));
}

/** Ends a request that gets no answer. */
export function refuse(walk: Walk, code: Refusal["code"]): Refusal {
  finish(walk, null, code === "REQUEST_ABORTED" ? "aborted" : "refused");
  return refusal(code, detailsOf(walk));
}

/** A client that comes back at once would only meet what it met. */
const SOON_MS: DurationMs = 1_000;
/** Nobody waits out a rest of our own choosing: after this the accounts at rest are tried as a last resort. */
const LONGEST_OWN_REST_MS: DurationMs = 15_000;

/** When asking again is worth it: soon where accounts are left whose failure, if they had one, was a passing one. */
function retryAt({ candidates }: Selection, session: FailoverSession, now: EpochMs): EpochMs | undefined {
  const waits = candidates.map(({ accountId, eligible, spare, until = now }) => {
    const isWhole = eligible || spare === true;
    if (!isWhole) return until > now ? until - now : Infinity;
    const reason = session.tried.includes(accountId) ? session.reasons.get(accountId) : undefined;
    if (reason !== undefined && reason !== "transient") return Infinity;
    return Math.max(SOON_MS, Math.min(until - now, LONGEST_OWN_REST_MS));
  });
  const wait = Math.min(...waits);
  return Number.isFinite(wait) ? after(now, wait) : undefined;
}

function detailsOf(walk: Walk): RefusalDetails {
  const { context, journal, session, lastStatus } = walk;
  const { state } = context.pool.snapshot();
  const { model, requestId } = journal;
  const now = select(state, model === undefined ? {} : { model }, context.clock.now(), context.random);
  const nextRetryAt = retryAt(now, session, context.clock.now());
  // Accounts that were linked or removed meanwhile are told as they are now.
  const aliases = new Map(
    [...journal.selection.candidates, ...now.candidates].map((one) => [one.accountId, one.alias]),
  );
  const reasons: Record<Alias, FailoverReason> = {};
  for (const [id, reason] of reasonsOf(session, [...journal.selection.candidates, ...now.candidates])) {
    const alias = aliases.get(id);
    if (alias !== undefined) reasons[alias] = reason;
  }
  const dead = now.candidates.filter(
    ({ reasons: codes }) => codes.includes("auth-invalid") && !codes.includes("disabled"),
  );
  // Those that failed this very request come first, in their order.
  const turn = ({ accountId }: Candidate): number => {
    const at = session.tried.indexOf(accountId);
    return at === -1 ? session.tried.length : at;
  };
  const invalid = dead.toSorted((a, b) => turn(a) - turn(b)).map((one) => one.alias);
  return {
    requestId,
    attempted: session.tried.map((id) => aliases.get(id)).filter((alias) => alias !== undefined),
    reasons,
    ...(lastStatus !== undefined && { lastStatus }),
    ...(nextRetryAt !== undefined && { nextRetryAt }),
    reauthNeeded: invalid,
    candidates: now.candidates,
  };
}
