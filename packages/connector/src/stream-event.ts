import { topLevelText } from "./json.ts";
import { parseUpstreamError, type UpstreamError } from "./upstream-error.ts";

/** What an event of an answer's stream means for the request. */
export type StreamEvent =
  /** Says that the answer was begun; nothing was generated yet. */
  | { readonly kind: "preamble" }
  | { readonly kind: "generated" }
  /** The answer is complete. */
  | { readonly kind: "completed" }
  | { readonly kind: "failed"; readonly error: UpstreamError };

const PREAMBLE = new Set([
  "response.created",
  "response.in_progress",
  "response.queued",
  "keepalive",
  "ping",
]);
const COMPLETED = new Set([
  "response.completed",
  "response.incomplete",
  "response.cancelled",
  "response.done",
]);
const FAILED = new Set(["response.failed", "error"]);

/** The type as an object's last field. */
const TYPE_LAST = /"type"\s*:\s*"([^"\\]+)"\s*\}\s*$/;

const PREAMBLE_EVENT: StreamEvent = { kind: "preamble" };
const GENERATED_EVENT: StreamEvent = { kind: "generated" };
const COMPLETED_EVENT: StreamEvent = { kind: "completed" };

/** Whether an event's data must be read: its name is not known, or it says that the answer failed. */
export function needsData(type: string | undefined): boolean {
  return type === undefined || FAILED.has(type);
}

/**
 * The meaning of an event.
 *
 * @param named its `event` field; without one the data says the type
 * @param data the lines of its data, where they are needed; of a large one its beginning
 * @param tail the end of a large one
 */
export function meaningOf(named: string | undefined, data: readonly string[], tail = ""): StreamEvent {
  const text = data.join("\n");
  const type = named ?? topLevelText(text, "type") ?? TYPE_LAST.exec(tail)?.[1];
  if (type === undefined) return text === "[DONE]" ? COMPLETED_EVENT : GENERATED_EVENT;
  if (FAILED.has(type)) return { kind: "failed", error: parseUpstreamError(text) };
  if (PREAMBLE.has(type)) return PREAMBLE_EVENT;
  return COMPLETED.has(type) ? COMPLETED_EVENT : GENERATED_EVENT;
}
