import type { StoreError } from "@open-multi-auth/core-store";
import type { JsonLines, LinePosition } from "@open-multi-auth/core-store/node";
import type { ResultAsync } from "neverthrow";

/** Every log of ours: this file, and the full ones before it. */
export const LOG_BOUND = { maxBytes: 5_000_000, maxFiles: 5 };

/** What follows a position in a log. */
export interface EntriesSince<Entry> {
  /** Oldest first, as many as come at once. */
  readonly entries: readonly Entry[];
  readonly position: LinePosition | undefined;
  /** Whether that was all by now; else there is more to read. */
  readonly isAll: boolean;
}

/** A log that all processes write together. A line that is no entry is left out. */
export interface LogReader<Entry> {
  /** The newest entries of every process, newest first. */
  read(limit: number): ResultAsync<Entry[], StoreError>;
  /** The entries after a position, or from the beginning. */
  since(position: LinePosition | undefined): ResultAsync<EntriesSince<Entry>, StoreError>;
}

/** Reads lines as entries; `parse` gives undefined for what is none. */
export function logReader<Entry>(
  lines: Pick<JsonLines, "read" | "since">,
  parse: (line: object) => Entry | undefined,
): LogReader<Entry> {
  const entriesOf = (values: readonly object[]): Entry[] => values.flatMap((value) => parse(value) ?? []);
  return {
    read: (limit) => lines.read(limit).map(entriesOf),
    since: (position) =>
      lines.since(position).map(({ values, ...rest }) => ({ entries: entriesOf(values), ...rest })),
  };
}
