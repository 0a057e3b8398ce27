import { meaningOf, needsData, type StreamEvent } from "./stream-event.ts";

/** Finds the events in a stream's bytes. */
export interface SseScanner {
  /** Takes the next bytes; returns how many of them belong to events that are complete now. */
  push(chunk: Uint8Array): number;
}

const LF = 10;
const CR = 13;
const LETTER_A = 97;
const LETTER_D = 100;
const LETTER_E = 101;
/** As many bytes as tell that a line is `data:`. */
const NAME_BYTES = 5;
/** How much of one event is kept to read its type or its error. */
const KEPT_BYTES = 65_536;
/** How much of its end, where the type is when it is written last. */
const TAIL_BYTES = 256;
/** Nearly all events are deltas, and no name that means anything here ends like them: they are not decoded. */
const DELTA = "delta";

// Decoding whole texts keeps no state, so all scanners share it.
const decoder = new TextDecoder();

/**
 * Scans server-sent events incrementally, whatever the chunks they come in. The data of an event is decoded only
 * when its `event` field does not already say what it is, or says that it failed.
 */
export function createSseScanner(onEvent: (event: StreamEvent) => void): SseScanner {
  let type: string | undefined;
  let hasData = false;
  let data: string[] = [];
  let tail = "";
  let keptBytes = 0;
  const line = createPartialLine();

  /** The line from `start` to before `end`; true when it is blank. */
  function lineEnds(bytes: Uint8Array, start: number, end: number): boolean {
    const last = end > start && bytes[end - 1] === CR ? end - 1 : end;
    if (last === start) return true;
    const initial = bytes[start];
    if (initial === LETTER_D) dataLine(bytes, start, last);
    else if (initial === LETTER_E)
      type = bytes[last - 1] === LETTER_A ? DELTA : (fieldValue(bytes, start, last, "event") ?? type);
    return false;
  }

  function dataLine(bytes: Uint8Array, start: number, end: number): void {
    hasData = true;
    if (!needsData(type)) return;
    if (keptBytes + end - start > KEPT_BYTES)
      tail = decoder.decode(bytes.subarray(Math.max(start, end - TAIL_BYTES), end));
    if (keptBytes > KEPT_BYTES) return;
    const value = fieldValue(bytes, start, end, "data");
    if (value === undefined) return;
    keptBytes += end - start;
    data.push(value);
  }

  function partialLineEnds(rest: Uint8Array): boolean {
    const whole = line.take(rest);
    return lineEnds(whole, 0, whole.length);
  }

  function dispatch(): void {
    if (hasData) onEvent(meaningOf(type, data, tail));
    type = undefined;
    hasData = false;
    tail = "";
    if (data.length > 0) data = [];
    keptBytes = 0;
  }

  function push(chunk: Uint8Array): number {
    let complete = 0;
    let start = 0;
    for (let end = chunk.indexOf(LF); end !== -1; end = chunk.indexOf(LF, start)) {
      const isContinued = start === 0 && !line.isEmpty();
      const isBlank = isContinued ? partialLineEnds(chunk.subarray(0, end)) : lineEnds(chunk, start, end);
      start = end + 1;
      if (!isBlank) continue;
      dispatch();
      complete = start;
    }
    if (start < chunk.length) line.add(chunk.subarray(start), needsData(type));
    return complete;
  }

  return { push };
}

interface PartialLine {
  isEmpty(): boolean;
  /** Keeps the bytes; of a data line that nobody reads only its beginning, of a large one also its end. */
  add(part: Uint8Array, needsData: boolean): void;
  /** The line as far as it was kept, `rest` being its end. */
  take(rest: Uint8Array): Uint8Array;
}

function createPartialLine(): PartialLine {
  let parts: Uint8Array[] = [];
  let bytes = 0;
  let tail: Uint8Array = EMPTY;
  let isSkipped = false;
  return {
    isEmpty: () => parts.length === 0,
    add(part, isNeeded) {
      if (isSkipped) {
        if (isNeeded) tail = joined([tail, part]).subarray(-TAIL_BYTES);
        return;
      }
      parts.push(part);
      bytes += part.length;
      const isUnread = !isNeeded && parts[0]?.[0] === LETTER_D && bytes > NAME_BYTES;
      isSkipped = isUnread || bytes > KEPT_BYTES;
    },
    take(rest) {
      const whole = joined([...parts, tail, rest]);
      parts = [];
      tail = EMPTY;
      bytes = 0;
      isSkipped = false;
      return whole;
    },
  };
}

function fieldValue(bytes: Uint8Array, start: number, end: number, name: string): string | undefined {
  const text = decoder.decode(bytes.subarray(start, Math.min(end, start + KEPT_BYTES)));
  if (!text.startsWith(`${name}:`)) return undefined;
  return text.slice(text[name.length + 1] === " " ? name.length + 2 : name.length + 1);
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

const EMPTY = new Uint8Array();
