import { answerEvents, encodeEvent, responseObject, type Answer, type ResponseEvent } from "./events.ts";

/** One move of an answering stream. */
export type StreamStep =
  | { readonly move: "send"; readonly text: string }
  | { readonly move: "wait"; readonly ms: number }
  | { readonly move: "gate"; readonly name: string }
  /** `end`: the body ends properly but early; `drop`: the connection closes inside the body. */
  | { readonly move: "cut"; readonly how: CutKind };

export type CutKind = "end" | "drop";

export type StreamErrorCode = "usage_limit_reached" | "rate_limit_exceeded" | "server_is_overloaded";

export interface StreamFailure {
  readonly code: StreamErrorCode;
  readonly at: "before-output" | "after-output";
  readonly shape: "response.failed" | "error";
}

/** The whole answer, with a pause after each event when `eventDelayMs` is given. */
export function* plainStream(answer: Answer, eventDelayMs = 0): Generator<StreamStep> {
  for (const event of answerEvents(answer)) {
    yield send(event);
    if (eventDelayMs > 0) yield { move: "wait", ms: eventDelayMs };
  }
}

/** The whole answer, held after its first visible text until the gate is released. */
export function* gatedStream(answer: Answer, gate: string): Generator<StreamStep> {
  let held = false;
  for (const event of answerEvents(answer)) {
    yield send(event);
    if (held || !isVisible(event)) continue;
    held = true;
    yield { move: "gate", name: gate };
  }
}

/** The first `afterEvents` events and no more; `response.completed` is never among them. */
export function* cutStream(answer: Answer, afterEvents: number, how: CutKind): Generator<StreamStep> {
  let sent = 0;
  for (const event of answerEvents(answer)) {
    if (sent >= afterEvents || event.type === "response.completed") break;
    yield send(event);
    sent += 1;
  }
  yield { move: "cut", how };
}

/** An answer that fails inside its 200 stream: before anything was generated, or after visible text. */
export function* failingStream(answer: Answer, failure: StreamFailure): Generator<StreamStep> {
  for (const event of answerEvents(answer)) {
    if (failure.at === "before-output" && isGenerated(event)) break;
    yield send(event);
    if (isVisible(event)) break;
  }
  yield send(failureEvent(answer, failure));
}

const failureMessages: Readonly<Record<StreamErrorCode, string>> = {
  usage_limit_reached: "The usage limit has been reached",
  rate_limit_exceeded: "Rate limit reached. Please try again in 1.5s.",
  server_is_overloaded: "overloaded",
};

function failureEvent(answer: Answer, { code, shape }: StreamFailure): ResponseEvent {
  const message = failureMessages[code];
  if (shape === "error") return { type: "error", error: { type: code, code, message } };
  const response = { ...responseObject(answer, "failed"), error: { code, message } };
  return { type: "response.failed", response };
}

function send(event: ResponseEvent): StreamStep {
  return { move: "send", text: encodeEvent(event) };
}

function isGenerated(event: ResponseEvent): boolean {
  return event.type !== "response.created" && event.type !== "response.in_progress";
}

function isVisible(event: ResponseEvent): boolean {
  return event.type === "response.output_text.delta";
}
