import type { Account, RequestOutcome } from "@open-multi-auth/domain";
import { markOf } from "./account-event.ts";
import { answerBody, type BodyEnd } from "./answer-body.ts";
import type { Answered } from "./attempt.ts";
import type { ClientBody } from "./body-source.ts";
import { classify, type Verdict } from "./classify.ts";
import type { Exchange } from "./exchange.ts";
import { failed } from "./failover-session.ts";
import { withholdHeaders } from "./headers.ts";
import { finish } from "./finish.ts";
import { observedIn } from "./observed-limits.ts";
import type { HeaderFields } from "./ports.ts";
import { inFlightOf, rebind, record, type Walk } from "./walk.ts";

/** What the client gets. */
export interface Answer {
  readonly status: number;
  readonly statusText: string;
  /** The upstream's, without what is not for the client. */
  readonly headers: HeaderFields;
  readonly body: ClientBody | null;
}

/** The answer for the client. What it says about the account is noted when it has ended. */
export function answer(walk: Walk, account: Account, answered: Answered): Answer {
  const { from, exchange, verdict } = answered;
  const { head } = exchange;
  const { context, journal } = walk;
  journal.firstByteMs = context.clock.now() - journal.at;
  if (verdict.kind === "served") rebind(walk, account);

  const onEnd = (end: BodyEnd): void => {
    exchange.release();
    context.pool.ended(account.id);
    finish(walk, account, settle(walk, account, exchange, verdict, end));
  };
  const body = head === undefined ? null : answerBody(head, { ...exchange, onEnd });
  if (body === null) onEnd("completed");
  const { status, statusText, headers } = from;
  withholdHeaders(headers);
  return { status, statusText, headers, body };
}

function settle(
  walk: Walk,
  account: Account,
  exchange: Exchange,
  verdict: Verdict,
  end: BodyEnd,
): RequestOutcome {
  if (end === "aborted") return "aborted";
  if (verdict.kind !== "served") return "passed-through";
  if (end !== "completed") return settleInterrupted(walk, account, exchange, end);
  const { startedAt, headAt, outcome } = exchange;
  const observed = observedIn(outcome, headAt);
  record(walk, account.id, { kind: "served", startedAt, ...(observed && { observed }) });
  return "served";
}

// The client has seen a part of the answer: nothing can be taken back, but the account is marked.
function settleInterrupted(
  walk: Walk,
  account: Account,
  { outcome, head, token }: Exchange,
  end: "failed" | "cut",
): RequestOutcome {
  const error = head?.gate.progress.failure;
  const failure = end === "failed" && outcome.kind === "answer" && error !== undefined;
  const late = classify(failure ? { ...outcome, error } : { kind: "cut" }, walk.context.clock.now());
  const attempted = walk.journal.attempts.at(-1);
  if (attempted !== undefined) attempted.verdict = late.kind;
  // Only a refresh tells whether the credential is dead; the next request waits for it.
  if (late.kind === "auth") {
    void walk.context.tokens.ensureFresh(account.id, { rejected: token.fingerprint });
    return "interrupted";
  }
  const mark = markOf(late, { model: walk.journal.model, inFlight: inFlightOf(walk, account.id) });
  if (mark === undefined) return "passed-through";
  if (mark.event !== undefined) record(walk, account.id, mark.event);
  walk.session = failed(walk.session, account.id, mark.reason, false);
  return "interrupted";
}
