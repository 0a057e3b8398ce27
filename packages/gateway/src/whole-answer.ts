import type { ErrorAnswer } from "./errors.ts";
import { createEventReader } from "./event-reader.ts";
import type { AnswerBody } from "./ports.ts";

/** One JSON answer, made of a stream of events. */
export type WholeAnswer =
  | { readonly kind: "answer"; readonly json: string }
  | { readonly kind: "failed"; readonly error: ErrorAnswer };

/**
 * Reads a stream to its end for a client that waits for one answer. Of the events only finished parts of the output and the
 * last word are kept.
 */
export async function wholeAnswer(body: AnswerBody): Promise<WholeAnswer> {
  const items = new Map<number, unknown>();
  let last: Event | undefined;
  const reader = createEventReader((data) => {
    const event = eventIn(data);
    if (event?.type === "response.output_item.done") items.set(event.output_index ?? items.size, event.item);
    else if (event?.type !== undefined && LAST.has(event.type)) last = event;
  });
  for (;;) {
    const { done, value } = await body.read();
    if (done) break;
    if (reader.push(value)) continue;
    body.cancel();
    return failed(
      502,
      "ANSWER_TOO_LARGE",
      "the answer is too large to be given in one piece; ask for a stream",
    );
  }
  return answerOf(last, items);
}

/** As far as it is read here. */
interface Event {
  readonly type?: string;
  readonly output_index?: number;
  readonly item?: unknown;
  readonly response?: { readonly output?: readonly unknown[]; readonly error?: UpstreamError | null };
  readonly error?: UpstreamError;
}

interface UpstreamError {
  readonly code?: unknown;
  readonly type?: unknown;
  readonly message?: unknown;
}

const LAST: ReadonlySet<string> = new Set([
  "response.completed",
  "response.incomplete",
  "response.failed",
  "error",
]);

function eventIn(data: string): Event | undefined {
  // Nearly all events are deltas, of which nothing is kept.
  if (!MATTERS.test(data)) return undefined;
  try {
    const event: unknown = JSON.parse(data);
    return typeof event === "object" && event !== null ? event : undefined;
  } catch {
    return undefined;
  }
}

const MATTERS = /"type"\s*:\s*"(?:response\.(?:output_item\.done|completed|incomplete|failed)|error)"/;

function answerOf(last: Event | undefined, items: ReadonlyMap<number, unknown>): WholeAnswer {
  if (last === undefined) return failed(502, "ANSWER_CUT", "the answer broke off before its end");
  const { response } = last;
  const error = response?.error ?? last.error;
  if (last.type === "response.failed" || last.type === "error" || response === undefined)
    return failedUpstream(error ?? {});
  const isBare = response.output === undefined || response.output.length === 0;
  const output = isBare ? inOrder(items) : response.output;
  return { kind: "answer", json: JSON.stringify({ ...response, output }) };
}

function inOrder(items: ReadonlyMap<number, unknown>): readonly unknown[] {
  return [...items].toSorted(([a], [b]) => a - b).map(([, item]) => item);
}

/** Clients of OpenAI's API ask again on 429 and 5xx, and tell their caller of anything else. */
function failedUpstream({ code, type, message }: UpstreamError): WholeAnswer {
  const named = typeof code === "string" ? code : typeof type === "string" ? type : "server_error";
  const isLimit = /limit|quota/.test(named);
  const said = typeof message === "string" ? message : "the upstream could not complete the answer";
  const status = isLimit ? 429 : /invalid|policy|context_length/.test(named) ? 400 : 502;
  return failed(status, named, said);
}

const failed = (status: number, code: string, message: string): WholeAnswer => ({
  kind: "failed",
  error: { status, code, message },
});
