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

/** Finds the events in a stream's bytes. */
export interface SseScanner {
  /** Takes the next bytes; returns how many of them belong to events that are complete now. */
  push(chunk: Uint8Array): number;
}

const LF = 10;
const CR = 13;
/** How much of one event is kept to read its type or its error. */
const KEPT_BYTES = 65_536;
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

/**
 * Scans server-sent events incrementally, whatever the chunks they come in. The data of an event is decoded only
 * when its `event` field does not already say what it is, or says that it failed.
 */
export function createSseScanner(onEvent: (event: StreamEvent) => void): SseScanner {
  const decoder = new TextDecoder();
  let type: string | undefined;
  let data: string[] = [];
  let kept = 0;
  let hasData = false;
  /** The beginning of a line whose end has not come yet, and whether the rest of it is of no use. */
  let line: Uint8Array[] = [];
  let lineBytes = 0;
  let skipsLine = false;

  const needsData = (): boolean => type === undefined || FAILED.has(type);

  function lineStarts(part: Uint8Array): void {
    lineBytes += part.length;
    if (skipsLine) return;
    const first = line[0] ?? part;
    skipsLine =
      (first[0] === DATA_INITIAL && lineBytes > NAME_BYTES && !needsData()) || lineBytes > KEPT_BYTES;
    line.push(part);
  }

  function lineEnds(part: Uint8Array): boolean {
    const whole = line.length === 0 ? part : joined([...line, part]);
    const length = skipsLine ? whole.length : whole.length - (whole[whole.length - 1] === CR ? 1 : 0);
    line = [];
    lineBytes = 0;
    skipsLine = false;
    if (length === 0) return true;
    field(whole, length);
    return false;
  }

  function field(bytes: Uint8Array, length: number): void {
    const initial = bytes[0];
    if (initial === DATA_INITIAL) {
      hasData = true;
      if (!needsData() || kept > KEPT_BYTES) return;
      const value = valueOf(bytes, length, "data");
      if (value === undefined) return;
      kept += length;
      data.push(value);
    } else if (initial === EVENT_INITIAL) {
      type = bytes[length - 1] === DELTA_FINAL ? DELTA : (valueOf(bytes, length, "event") ?? type);
    }
  }

  function valueOf(bytes: Uint8Array, length: number, name: string): string | undefined {
    const text = decoder.decode(bytes.subarray(0, Math.min(length, KEPT_BYTES)));
    if (!text.startsWith(`${name}:`)) return undefined;
    return text.slice(text[name.length + 1] === " " ? name.length + 2 : name.length + 1);
  }

  function dispatch(): void {
    if (hasData) onEvent(meaningOf(type, data));
    type = undefined;
    hasData = false;
    if (data.length > 0) data = [];
    kept = 0;
  }

  return {
    push(chunk) {
      let complete = 0;
      let start = 0;
      for (let end = chunk.indexOf(LF); end !== -1; end = chunk.indexOf(LF, start)) {
        const isBlank = lineEnds(chunk.subarray(start, end));
        start = end + 1;
        if (!isBlank) continue;
        dispatch();
        complete = start;
      }
      if (start < chunk.length) lineStarts(chunk.subarray(start));
      return complete;
    },
  };
}

const DATA_INITIAL = 100;
const EVENT_INITIAL = 101;
/** Nearly all events are deltas, and no name that means anything here ends like them: they are not decoded. */
const DELTA_FINAL = 97;
const DELTA = "delta";
/** As many bytes as tell the field's name. */
const NAME_BYTES = 5;

function meaningOf(named: string | undefined, data: readonly string[]): StreamEvent {
  const text = data.join("\n");
  const type = named ?? topLevelText(text, "type");
  if (type === undefined) return { kind: text === "[DONE]" ? "completed" : "generated" };
  if (FAILED.has(type)) return { kind: "failed", error: parseUpstreamError(text) };
  if (PREAMBLE.has(type)) return { kind: "preamble" };
  return { kind: COMPLETED.has(type) ? "completed" : "generated" };
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
