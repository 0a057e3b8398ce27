import type { Chunk, ClientBody } from "./body-source.ts";
import type { Progress } from "./event-gate.ts";
import type { HeldHead } from "./held-head.ts";
import { interruption } from "./interruption.ts";

/** How an answer's body ended for the client. */
export type BodyEnd = "completed" | "failed" | "cut" | "aborted";

/** What goes with an answer's body. */
export interface AnswerBodyDeps {
  readonly signal: AbortSignal;
  /** Closes the upstream connection; cancelling the reader alone does not, in Bun. */
  readonly abort: () => void;
  /** Has this run when the client called the request off, even if nobody reads the body any more. */
  readonly whenAborted: (run: () => void) => void;
  /** Called once. */
  readonly onEnd: (end: BodyEnd) => void;
}

/**
 * An answer on its way to the client, chunk by chunk and only as fast as it is read. A cut ends an event stream
 * with one well-formed failure event, on which clients try again.
 */
export function answerBody(head: HeldHead, deps: AnswerBodyDeps): ClientBody {
  const { gate, body } = head;
  let pending = head.pending;
  let ended = false;
  /** What is still to be said once the upstream has said everything. */
  let last: Uint8Array[] | undefined;

  function end(how: BodyEnd): void {
    if (ended) return;
    ended = true;
    deps.onEnd(how);
  }

  function take(): Chunk | Promise<Chunk> {
    const next = pending ?? body.read();
    pending = undefined;
    return next;
  }

  function finish(): Chunk {
    const how = endOf(gate.progress, "cut");
    last = how === "cut" ? [interruption(gate.progress.torn)] : [...gate.rest()];
    end(how);
    return farewell(last);
  }

  function breakOff(cause: unknown): Chunk {
    const isAborted = deps.signal.aborted;
    if (!isAborted && gate.isEventStream) return finish();
    end(isAborted ? endOf(gate.progress, "aborted") : "cut");
    throw cause;
  }

  /** What the chunk lets out; undefined while an event is incomplete. */
  function through({ done, value }: Chunk): Chunk | undefined {
    if (done) return finish();
    gate.push(value);
    const ready = gate.next();
    return ready && { done: false, value: ready };
  }

  function readOn(): Chunk | Promise<Chunk> {
    try {
      for (;;) {
        const next = take();
        if (next instanceof Promise) return readLater(next);
        const ready = through(next);
        if (ready !== undefined) return ready;
      }
    } catch (cause) {
      return breakOff(cause);
    }
  }

  async function readLater(next: Promise<Chunk>): Promise<Chunk> {
    let ready: Chunk | undefined;
    try {
      ready = through(await next);
    } catch (cause) {
      return breakOff(cause);
    }
    return ready ?? readOn();
  }

  function read(): Chunk | Promise<Chunk> {
    const ready = gate.next();
    if (ready !== undefined) return { done: false, value: ready };
    return last === undefined ? readOn() : farewell(last);
  }

  function cancel(): void {
    end(endOf(gate.progress, "aborted"));
    deps.abort();
  }

  deps.whenAborted(() => end(endOf(gate.progress, "aborted")));
  return { read, cancel };
}

function farewell(last: Uint8Array[]): Chunk {
  const value = last.shift();
  return value === undefined ? { done: true } : { done: false, value };
}

// An answer that had said how it ends has ended so, whatever became of the connection.
function endOf({ completed, failure }: Progress, otherwise: "cut" | "aborted"): BodyEnd {
  if (failure !== undefined) return "failed";
  return completed ? "completed" : otherwise;
}
