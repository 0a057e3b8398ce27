import type { Clock, EpochMs } from "@open-multi-auth/domain";
import type { Outcome } from "./classify.ts";
import { connectFailure } from "./connect-failure.ts";
import { createEventGate, createOpenGate } from "./event-gate.ts";
import { holdHead, type HeldHead } from "./held-head.ts";
import { upstreamHeaders } from "./headers.ts";
import type { ModelRequest } from "./model-request.ts";
import type { AccessToken, Limits, Timers, Transport, UpstreamAnswer } from "./ports.ts";
import type { HeaderLookup } from "./observed-limits.ts";
import { readRefusal } from "./refused-body.ts";
import { upstreamUrl } from "./upstream-url.ts";

/** One request to the upstream and what came of it. */
export interface Exchange {
  readonly outcome: Outcome;
  /** The answer, where there is one; its body has been read as far as `head` holds it. */
  readonly answer: UpstreamAnswer | undefined;
  readonly head: HeldHead | undefined;
  readonly startedAt: EpochMs;
  /** When the answer's head came: what its headers tell was so then. */
  readonly headAt: EpochMs;
  /** What it was sent with. */
  readonly token: AccessToken;
  readonly signal: AbortSignal;
  /** Closes the connection. */
  readonly abort: () => void;
  /** Has this run when the connection is closed from our side, for the client or by `abort`. */
  readonly whenAborted: (run: () => void) => void;
  /** Stops listening to the client; after this only `abort` ends the exchange. */
  readonly release: () => void;
}

export interface ExchangeDeps {
  readonly clock: Clock;
  readonly transport: Transport;
  readonly timers: Timers;
  readonly limits: Limits;
  readonly upstreamUrl: string;
}

/** Sends a request and reads the answer far enough to judge it. Never rejects. */
export async function exchange(
  request: ModelRequest,
  body: ModelRequest["body"],
  token: AccessToken,
  startedAt: EpochMs,
  deps: ExchangeDeps,
): Promise<Exchange> {
  const controller = new AbortController();
  let onAbort: (() => void) | undefined;
  const abort = (): void => {
    controller.abort();
    onAbort?.();
  };
  const whenAborted = (run: () => void): void => void (onAbort = run);
  const client = request.signal;
  client?.addEventListener("abort", abort, { once: true });
  const release = (): void => client?.removeEventListener("abort", abort);
  let headAt = startedAt;
  let timedOut = false;
  const cancelTimer = deps.timers.after(deps.limits.headMs, () => {
    timedOut = true;
    abort();
  });
  const signal = controller.signal;
  const ended = (outcome: Outcome, answer?: UpstreamAnswer, head?: HeldHead): Exchange => ({
    outcome,
    answer,
    head,
    startedAt,
    headAt,
    token,
    signal,
    abort,
    whenAborted,
    release,
  });
  try {
    if (isAborted(client)) return ended({ kind: "aborted" });
    const { path, method } = request;
    const headers = upstreamHeaders(request.headers, token);
    const url = upstreamUrl(deps.upstreamUrl, path);
    const answer = await deps.transport.send(url, { method, headers, body, signal });
    headAt = deps.clock.now();
    const read = await readAnswer(answer, token, cancelTimer, deps);
    return isAborted(client) ? ended({ kind: "aborted" }) : ended(read.outcome, answer, read.head);
  } catch (cause) {
    return ended(noAnswer(cause, client, timedOut));
  } finally {
    cancelTimer();
  }
}

interface Read {
  readonly outcome: Outcome;
  readonly head?: HeldHead;
}

async function readAnswer(
  { status, headers, body }: UpstreamAnswer,
  token: AccessToken,
  inTime: () => void,
  deps: ExchangeDeps,
): Promise<Read> {
  const header: HeaderLookup = (name) => headers.get(name);
  const isSuccess = status >= 200 && status < 300;
  if (body === null) return { outcome: { kind: "answer", status, header } };
  if (!isSuccess) {
    const { head, error } = await readRefusal(body, token.accessToken, deps.limits, deps.timers);
    return { head, outcome: { kind: "answer", status, header, error } };
  }
  const isEventStream = header("content-type")?.startsWith("text/event-stream") ?? false;
  const gate = isEventStream ? createEventGate() : createOpenGate();
  if (!isEventStream) inTime();
  const head = await holdHead(body, gate, deps.limits, deps.timers, inTime);
  if (head.state === "cut") return { head, outcome: { kind: "cut" } };
  if (head.state === "flowing") return { head, outcome: { kind: "answer", status, header } };
  return { head, outcome: { kind: "answer", status, header, error: gate.progress.failure ?? {} } };
}

function noAnswer(cause: unknown, client: AbortSignal | undefined, timedOut: boolean): Outcome {
  if (isAborted(client)) return { kind: "aborted" };
  return { kind: "no-answer", cause: timedOut ? "timeout" : connectFailure(cause) };
}

function isAborted(client: AbortSignal | undefined): boolean {
  return client?.aborted === true;
}
