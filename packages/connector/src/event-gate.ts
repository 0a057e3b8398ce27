import { createSseScanner } from "./sse-scanner.ts";
import type { UpstreamError } from "./upstream-error.ts";

/** Lets an answer's bytes through and knows how far the answer has come. */
export interface Gate {
  push(chunk: Uint8Array): void;
  /** The next bytes that may go to the client. */
  next(): Uint8Array | undefined;
  /** What is kept back of an event that never became complete. */
  rest(): readonly Uint8Array[];
  readonly progress: Progress;
  /** An event stream, which can be ended well-formed at any time. */
  readonly isEventStream: boolean;
}

/** How far an answer has come. */
export interface Progress {
  /** The upstream has said something: an event, be it only that the answer was begun. */
  begun: boolean;
  generated: boolean;
  completed: boolean;
  failure: UpstreamError | undefined;
  /** Bytes of an incomplete event have gone out. */
  torn: boolean;
}

/** An event larger than this goes out before it is complete. */
const LARGE_EVENT_BYTES = 262_144;

/**
 * A gate for event streams. Bytes go out as they came, but an incomplete event waits for its end: the client could
 * not use it yet, and after a cut the stream can still be ended well-formed.
 */
export function createEventGate(): Gate {
  const progress: Progress = {
    begun: false,
    generated: false,
    completed: false,
    failure: undefined,
    torn: false,
  };
  const ready: Uint8Array[] = [];
  let tail: Uint8Array[] = [];
  let tailBytes = 0;

  const scanner = createSseScanner((event) => {
    progress.begun = true;
    if (event.kind === "failed") progress.failure ??= event.error;
    else if (event.kind === "completed") progress.completed = true;
    if (event.kind === "generated" || event.kind === "completed")
      progress.generated ||= progress.failure === undefined;
  });

  function release(chunk: Uint8Array, torn: boolean): void {
    for (const part of tail) ready.push(part);
    ready.push(chunk);
    tail = [];
    tailBytes = 0;
    progress.torn = torn;
  }

  return {
    push(chunk) {
      const complete = scanner.push(chunk);
      if (complete === chunk.length) return release(chunk, false);
      if (complete > 0) release(chunk.subarray(0, complete), false);
      tail.push(complete > 0 ? chunk.subarray(complete) : chunk);
      tailBytes += chunk.length - complete;
      if (tailBytes > LARGE_EVENT_BYTES) release(EMPTY, true);
    },
    next: () => ready.shift(),
    rest: () => tail,
    progress,
    isEventStream: true,
  };
}

/** A gate for everything else: nothing is scanned, and an end is a good one. */
export function createOpenGate(): Gate {
  const ready: Uint8Array[] = [];
  return {
    push: (chunk) => void ready.push(chunk),
    next: () => ready.shift(),
    rest: () => [],
    progress: { begun: true, generated: true, completed: true, failure: undefined, torn: false },
    isEventStream: false,
  };
}

const EMPTY = new Uint8Array();
