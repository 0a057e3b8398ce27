import type { Backlog } from "./backlog.ts";
import { encoded, joined } from "./encoded.ts";
import type { NewestState } from "./newest-state.ts";

/** One connection that is told events. */
export interface Reader {
  readonly stream: ReadableStream<Uint8Array>;
  /** There may be something to read. */
  wake(): void;
  /** Sends a sign of life. */
  beat(): void;
  /** Ends the stream. */
  end(): void;
}

interface ReaderDeps {
  readonly backlog: Backlog;
  readonly state: NewestState;
  /** The number of the last event that it has seen. */
  readonly from: number;
  /** What it is told first. */
  readonly hello: Uint8Array;
  readonly onEnd: () => void;
}

const CHUNK_BYTES = 64_000;
const BEAT = new TextEncoder().encode(": \n\n");

/**
 * A stream that is written only as fast as it is read: it keeps a place in the backlog, and no queue. Of states it gets
 * the newest there is when it comes to it.
 */
export function createReader({ backlog, state, from, hello, onEnd }: ReaderDeps): Reader {
  let seen = from;
  let stateSeen = -1;
  let greeted = false;
  let beats = false;
  let over = false;
  let cancelled = false;
  let waiting: (() => void) | undefined;
  const wake = (): void => waiting?.();

  function next(): Uint8Array[] {
    const out: Uint8Array[] = [];
    if (!greeted) out.push(hello);
    greeted = true;
    const { bytes, last, missed } = backlog.since(seen, CHUNK_BYTES);
    seen = last;
    if (missed > 0) out.push(encoded("gap", JSON.stringify({ missed })));
    if (bytes.byteLength > 0) out.push(bytes);
    if (stateSeen !== state.version()) {
      stateSeen = state.version();
      out.push(state.event());
    }
    if (out.length === 0 && beats) out.push(BEAT);
    beats = false;
    return out;
  }

  const stream = new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        let out = next();
        while (out.length === 0 && !over) {
          await new Promise<void>((resolve) => (waiting = resolve));
          out = next();
        }
        if (cancelled) return;
        if (over) controller.close();
        else controller.enqueue(joined(out));
      },
      cancel() {
        cancelled = over = true;
        wake();
        onEnd();
      },
    },
    // Nothing is read ahead of who reads.
    { highWaterMark: 0 },
  );
  return {
    stream,
    wake,
    beat() {
      beats = true;
      wake();
    },
    end() {
      over = true;
      wake();
    },
  };
}
