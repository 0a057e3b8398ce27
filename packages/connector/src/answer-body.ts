import type { Progress } from "./event-gate.ts";
import type { Chunk, HeldHead } from "./held-head.ts";
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

type Controller = ReadableStreamDefaultController<Uint8Array>;

/**
 * An answer on its way to the client, chunk by chunk and only as fast as it is read. A cut ends an event stream
 * with one well-formed failure event, on which clients try again.
 */
export function answerBody(head: HeldHead, deps: AnswerBodyDeps): ReadableStream<Uint8Array> {
  const { gate, reader } = head;
  let pending = head.pending;
  let ended = false;

  function end(how: BodyEnd): void {
    if (ended) return;
    ended = true;
    deps.onEnd(how);
  }

  function read(): Promise<Chunk> {
    const next = pending ?? reader.read();
    pending = undefined;
    return next;
  }

  function finish(controller: Controller): void {
    const how = endOf(gate.progress, "cut");
    const last = how === "cut" ? [interruption(gate.progress.torn)] : gate.rest();
    for (const part of last) controller.enqueue(part);
    controller.close();
    end(how);
  }

  function breakOff(controller: Controller, cause: unknown): void {
    const isAborted = deps.signal.aborted;
    if (!isAborted && gate.isEventStream) return finish(controller);
    controller.error(cause);
    end(isAborted ? endOf(gate.progress, "aborted") : "cut");
  }

  async function readOn(controller: Controller): Promise<void> {
    try {
      for (;;) {
        const { done, value } = await read();
        if (done) return finish(controller);
        gate.push(value);
        const ready = gate.next();
        if (ready !== undefined) return controller.enqueue(ready);
      }
    } catch (cause) {
      breakOff(controller, cause);
    }
  }

  function cancel(): void {
    end(endOf(gate.progress, "aborted"));
    deps.abort();
  }

  function pull(controller: Controller): void | Promise<void> {
    const ready = gate.next();
    if (ready === undefined) return readOn(controller);
    return controller.enqueue(ready);
  }

  deps.whenAborted(() => end(endOf(gate.progress, "aborted")));
  return new ReadableStream<Uint8Array>({ pull, cancel }, { highWaterMark: 0 });
}

// An answer that had said how it ends has ended so, whatever became of the connection.
function endOf({ completed, failure }: Progress, otherwise: "cut" | "aborted"): BodyEnd {
  if (failure !== undefined) return "failed";
  return completed ? "completed" : otherwise;
}
