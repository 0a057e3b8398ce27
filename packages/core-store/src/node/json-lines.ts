import type { Clock } from "@open-multi-auth/domain";
import { ResultAsync } from "neverthrow";
import type { StoreError } from "../errors.ts";
import { failureOf } from "./fault.ts";
import { LineFiles } from "./line-files.ts";
import type { LinePosition, LinesSince } from "./lines-since.ts";
import { parseNewest } from "./parse-lines.ts";
import { currentUid } from "./safe-file.ts";
import { Turns } from "./turns.ts";

const WRITE_BEHIND_MS = 500;
/** What memory holds while the disk refuses; older values give way. */
const MOST_WAITING = 10_000;
/** So many values are serialized in one go: what they were made from is let go of, and nobody waits long meanwhile. */
const BATCH = 32;

/** Values kept one per line, by all processes together. */
export interface JsonLines {
  /** Takes a value, or what gives it as JSON on one line, at once; it is serialized and written within a second. Never throws. */
  append(value: object | (() => string)): void;
  /** The newest values of all processes, newest first. Lines that are not whole are passed over. */
  read(limit: number): ResultAsync<object[], StoreError>;
  /** What all processes appended after a position, oldest first, or from the beginning: in parts, until it says that was all. */
  since(position: LinePosition | undefined): ResultAsync<LinesSince, StoreError>;
  /** Everything appended so far is in the file when this resolves ok. */
  flush(): ResultAsync<void, StoreError>;
  close(): ResultAsync<void, StoreError>;
}

/** What {@link createJsonLines} needs. */
export interface JsonLinesOptions {
  /** Created 0700, or narrowed to that. */
  readonly folder: string;
  /** The newest file is `<name>.jsonl`; full ones are `<name>.<time>-….jsonl`. */
  readonly name: string;
  /** Size at which a file counts as full. */
  readonly maxBytes: number;
  /** How many files are kept, the newest among them. */
  readonly maxFiles: number;
  readonly clock: Clock;
}

/**
 * A bounded log of JSON lines that several processes append to without a lock: each write is one call in append
 * mode and holds whole lines, so lines of different processes never mix.
 */
export function createJsonLines(options: JsonLinesOptions): JsonLines {
  const files = new LineFiles({ ...options, uid: currentUid() });
  const turns = new Turns();
  let values: (object | (() => string))[] = [];
  let texts: string[] = [];
  /** What is being written; it changes by that alone. */
  let lines: string[] = [];
  let timer: NodeJS.Timeout | undefined;

  const serializeAll = (): void => {
    texts = [...texts, ...values.flatMap(serialize)].slice(-MOST_WAITING);
    values = [];
  };
  const write = async (): Promise<void> => {
    clearTimeout(timer);
    timer = undefined;
    serializeAll();
    lines = [...lines, ...texts].slice(-MOST_WAITING);
    texts = [];
    try {
      while (lines.length > 0) lines = lines.slice(await files.append(lines));
    } catch (thrown) {
      arm();
      throw thrown;
    }
  };
  const flush = (): ResultAsync<void, StoreError> => ResultAsync.fromPromise(turns.take(write), failureOf);
  const arm = (): void => {
    timer ??= setTimeout(() => void flush(), WRITE_BEHIND_MS).unref();
  };
  const stop = (): void => clearTimeout(timer);
  const newest = async (limit: number): Promise<object[]> => {
    // What the disk refuses is still read from memory.
    await flush();
    const waiting = parseNewest(lines, limit);
    return [...waiting, ...(await files.newest(limit - waiting.length))];
  };

  return {
    append: (value) => {
      values.push(value);
      if (values.length === BATCH) setImmediate(serializeAll);
      arm();
    },
    since: (position) =>
      ResultAsync.fromPromise(
        // What the disk refuses comes when it is written.
        flush().then(() => files.since(position)),
        failureOf,
      ),
    read: (limit) => ResultAsync.fromPromise(newest(limit), failureOf),
    flush,
    close: () => flush().andTee(stop).orTee(stop),
  };
}

/** A value that JSON cannot hold has no line. */
function serialize(value: object | (() => string)): string[] {
  try {
    return [`${typeof value === "function" ? value() : JSON.stringify(value)}\n`];
  } catch {
    return [];
  }
}
