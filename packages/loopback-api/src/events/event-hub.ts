import { failure, type Failure } from "@open-multi-auth/domain";
import { err, ok, type Result } from "neverthrow";
import type { Happening } from "../ports.ts";
import type { StateView } from "../schemas/state.ts";
import { createBacklog } from "./backlog.ts";
import { encoded } from "./encoded.ts";
import { createNewestState, type NewestState } from "./newest-state.ts";
import { createReader, type Reader } from "./reader.ts";

/** Tells pages and tools what happens. Whoever does not read costs nothing: nothing is queued for a reader. */
export interface EventHub {
  /** Everything as it is now, as JSON, and a tag that stays the same while nothing but time passes. */
  newestState(): { readonly body: string; readonly etag: string };
  /** Tells every reader. */
  publish(event: Happening): void;
  /** The state may have changed: readers get it within a moment, if it has. */
  changed(): void;
  /**
   * A stream of server-sent events that begins with `hello` and `state`.
   *
   * @param isAllowed whether who reads it still may
   */
  open(
    lastEventId: string | undefined,
    isAllowed: () => boolean,
  ): Result<ReadableStream<Uint8Array>, Failure<"TOO_MANY_READERS">>;
  /** Ends the streams of those who may read no longer. */
  dismiss(): void;
  /** Ends every stream. */
  close(): void;
}

/** What {@link createEventHub} is made of. */
export interface EventHubDeps {
  readonly view: () => StateView;
  readonly version: string;
  /** Names this run of the server: numbers of another run mean nothing. */
  readonly run: string;
  /** Calls `work` after a time, unless the returned function is called before. */
  readonly after: (ms: number, work: () => void) => () => void;
}

const MOST_READERS = 64;
const BACKLOG = { entries: 2_000, bytes: 2_000_000 };
/** Changes that follow each other closely are told as one. */
const GATHER_MS = 50;
/** Figures grow old and forces end while nothing happens; looked at only while somebody reads. */
const LOOK_MS = 1_000;
/** So that a connection that is gone is noticed. */
const BEATS_EVERY = 15;

export function createEventHub({ view, version, run, after }: EventHubDeps): EventHub {
  const backlog = createBacklog(BACKLOG);
  const state: NewestState = createNewestState(view, run);
  const readers = new Map<Reader, () => boolean>();
  let gathering: (() => void) | undefined;
  let looking: (() => void) | undefined;
  let looks = 0;

  const wakeAll = (): void => {
    for (const reader of readers.keys()) reader.wake();
  };
  const look = (): void => {
    looks += 1;
    if (looks % BEATS_EVERY === 0) for (const reader of readers.keys()) reader.beat();
    if (state.refresh()) wakeAll();
    looking = readers.size > 0 ? after(LOOK_MS, look) : undefined;
  };
  const leave = (reader: Reader): void => {
    readers.delete(reader);
    if (readers.size > 0) return;
    looking?.();
    looking = undefined;
  };

  return {
    newestState: () => {
      state.refresh();
      return state.answer();
    },
    publish({ type, data }) {
      backlog.add((n) => encoded(type, JSON.stringify(data), `${run}-${n}`));
      wakeAll();
    },
    changed() {
      if (readers.size === 0) return;
      gathering ??= after(GATHER_MS, () => {
        gathering = undefined;
        if (state.refresh()) wakeAll();
      });
    },
    open(lastEventId, isAllowed) {
      if (readers.size >= MOST_READERS) {
        return err(failure("TOO_MANY_READERS", "too many connections wait for events", {}));
      }
      state.refresh();
      const { from, complete } = resumed(lastEventId, run, backlog.newest());
      const hello = encoded("hello", JSON.stringify({ version, complete }));
      const reader = createReader({ backlog, state, from, hello, onEnd: () => leave(reader) });
      readers.set(reader, isAllowed);
      looking ??= after(LOOK_MS, look);
      return ok(reader.stream);
    },
    dismiss() {
      for (const [reader, isAllowed] of readers) {
        if (isAllowed()) continue;
        reader.end();
        leave(reader);
      }
    },
    close() {
      gathering?.();
      looking?.();
      for (const reader of readers.keys()) reader.end();
    },
  };
}

/** Where a reader goes on. One that was never here has missed nothing. */
function resumed(
  lastEventId: string | undefined,
  run: string,
  newest: number,
): { readonly from: number; readonly complete: boolean } {
  if (lastEventId === undefined || lastEventId === "") return { from: newest, complete: true };
  const [ofRun, n] = [lastEventId.slice(0, run.length + 1), Number(lastEventId.slice(run.length + 1))];
  const isKnown = ofRun === `${run}-` && Number.isInteger(n) && n >= 0 && n <= newest;
  return isKnown ? { from: n, complete: true } : { from: newest, complete: false };
}
