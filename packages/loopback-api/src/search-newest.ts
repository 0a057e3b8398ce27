import type { Failure } from "@open-multi-auth/domain";
import { okAsync, type ResultAsync } from "neverthrow";

/** Each look reaches so much further back. */
const FURTHER = 8;

interface Searched<Entry, Found> {
  /** What was looked for; undefined where all that is kept does not have it. */
  readonly found: Found | undefined;
  /** What was looked at: the newest first. */
  readonly records: readonly Entry[];
}

/** Looks through a log from its newest end, and no further back than it has to. */
export function searchNewest<Entry, Found, E extends Failure>(
  log: { read(limit: number): ResultAsync<Entry[], E> },
  most: number,
  find: (records: Entry[]) => Found | undefined,
  seen = -1,
): ResultAsync<Searched<Entry, Found>, E> {
  return log.read(most).andThen((records) => {
    const found = find(records);
    // Reaching further brought no more. The number asked for says less: lines that are broken are left out.
    const isAll = records.length === seen;
    return found !== undefined || isAll
      ? okAsync({ found, records })
      : searchNewest(log, most * FURTHER, find, records.length);
  });
}
