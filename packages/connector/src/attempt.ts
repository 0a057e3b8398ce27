import type { Account, AccountId, Failure, VerdictKind } from "@open-multi-auth/domain";
import type { AccountEvent } from "@open-multi-auth/scheduler";
import { accessToken } from "./access-token.ts";
import { markOf } from "./account-event.ts";
import { classify, type Verdict } from "./classify.ts";
import { exchange, type Exchange } from "./exchange.ts";
import { failed, sending } from "./failover-session.ts";
import { observedIn } from "./observed-limits.ts";
import { portableBody } from "./portable-body.ts";
import type { AccessToken, UpstreamAnswer } from "./ports.ts";
import { tokenFailure } from "./token-failure.ts";
import { inFlightOf, record, recordDoubt, recordLater, type Walk } from "./walk.ts";

/** How an attempt with one account ended. */
export type AttemptEnd =
  /** There is an answer for the client: the model's, or an error that is the request's own. */
  | Answered
  /** The account did not serve; another may. */
  | { readonly kind: "failed" }
  | { readonly kind: "host-offline" }
  | { readonly kind: "aborted" };

/** An answer for the client, and the exchange that its body still comes from. */
export interface Answered {
  readonly kind: "answer";
  readonly from: UpstreamAnswer;
  readonly exchange: Exchange;
  readonly verdict: Verdict;
}

/**
 * Sends the request with one account. It is sent again with the same account once after a refresh of a refused
 * token, and once without content that only another account can read.
 */
export async function attempt(walk: Walk, account: Account): Promise<AttemptEnd> {
  const { clock } = walk.context;
  const askedAt = clock.now();
  const first = await accessToken(walk, account.id);
  if (first === "aborted") return { kind: first };
  if (first.isErr()) return withoutToken(walk, account, first.error, clock.now() - askedAt);
  walk.session = sending(walk.session, account.id);

  let token = first.value;
  let refreshed = false;
  for (;;) {
    const sent = await send(walk, account, token);
    if (sent.verdict.kind === "auth" && isShared(walk, sent.verdict.doubt))
      return conclude(walk, account, forgiven(walk, sent));
    if (sent.verdict.kind === "auth" && !refreshed) {
      close(sent.exchange);
      refreshed = true;
      const renewed = await accessToken(walk, account.id, token.fingerprint);
      if (renewed === "aborted") return { kind: renewed };
      if (renewed.isErr()) return withoutToken(walk, account, renewed.error);
      if (renewed.value.fingerprint === token.fingerprint) return conclude(walk, account, sent);
      token = renewed.value;
      continue;
    }
    if (sent.verdict.kind === "foreign-content" && dropForeignContent(walk)) {
      close(sent.exchange);
      continue;
    }
    return conclude(walk, account, sent);
  }
}

interface Sent {
  readonly token: AccessToken;
  readonly exchange: Exchange;
  readonly verdict: Verdict;
}

async function send(walk: Walk, account: Account, token: AccessToken): Promise<Sent> {
  const { context, journal } = walk;
  const startedAt = context.clock.now();
  const done = await exchange(journal.request, walk.body, token, startedAt, context);
  const now = context.clock.now();
  const verdict = classify(done.outcome, now);
  const status = done.answer?.status;
  if (status !== undefined) {
    walk.lastStatus = status;
    walk.reached = true;
  }
  note(walk, account, {
    verdict: verdict.kind,
    ms: now - startedAt,
    ...(status !== undefined && { status }),
  });
  return { exchange: done, verdict, token };
}

function conclude(walk: Walk, account: Account, { exchange: done, verdict, token }: Sent): AttemptEnd {
  const { kind } = verdict;
  const { outcome, answer } = done;
  const isUnconnected = outcome.kind === "no-answer" && outcome.cause === "connect";
  if (kind === "transient" && !isUnconnected) walk.reached = true;
  const mark = markOf(verdict, {
    model: walk.journal.model,
    observed: () => observedIn(outcome, done.headAt),
    sentWith: token.fingerprint,
    inFlight: inFlightOf(walk, account.id),
  });
  if (mark === undefined && answer !== undefined && outcome.kind === "answer")
    return { kind: "answer", from: answer, exchange: done, verdict };

  close(done);
  if (mark === undefined) return kind === "aborted" ? { kind } : { kind: "host-offline" };
  if (mark.event !== undefined) {
    if (kind === "auth" && verdict.doubt !== undefined) doubt(walk, account.id, verdict.doubt, mark.event);
    else (isUnconnected ? recordLater : record)(walk, account.id, mark.event);
  }
  walk.session = failed(walk.session, account.id, mark.reason, kind === "transient");
  return { kind: "failed" };
}

function doubt(walk: Walk, accountId: AccountId, code: string, event: AccountEvent): void {
  recordDoubt(walk);
  walk.doubt = { code, event: { accountId, event } };
}

function isShared(walk: Walk, code: string | undefined): boolean {
  return code !== undefined && code === walk.doubt?.code;
}

// Two accounts are refused alike, one of them with a fresh token: it is the request, or the person's place.
function forgiven(walk: Walk, sent: Sent): Sent {
  walk.doubt = undefined;
  const attempted = walk.journal.attempts.at(-1);
  if (attempted !== undefined) attempted.verdict = "request-error";
  return { ...sent, verdict: { kind: "request-error" } };
}

function withoutToken(walk: Walk, account: Account, failure: Failure, ms?: number): AttemptEnd {
  const { reason, event, reached } = tokenFailure(failure, walk.context.limits.tokenRestMs);
  if (ms !== undefined) note(walk, account, { verdict: "auth", ms });
  if (reached === true) walk.reached = true;
  if (event !== undefined) (reached === false ? recordLater : record)(walk, account.id, event);
  walk.session = failed(walk.session, account.id, reason, false);
  return { kind: "failed" };
}

function dropForeignContent(walk: Walk): boolean {
  if (walk.body !== walk.journal.request.body) return false;
  const body = portableBody(walk.body);
  if (body === undefined) return false;
  walk.body = body;
  return true;
}

function close(done: Exchange): void {
  done.release();
  done.abort();
}

function note(
  { journal }: Walk,
  { alias }: Account,
  attempted: { verdict: VerdictKind; status?: number; ms: number },
): void {
  journal.attempts.push({ alias, ...attempted });
}
