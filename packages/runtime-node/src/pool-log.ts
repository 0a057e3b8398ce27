import type { StoreError } from "@open-multi-auth/core-store";
import type { LinePosition } from "@open-multi-auth/core-store/node";
import { changeEntry, incidentEntry, requestEntry, type LogEntry } from "@open-multi-auth/domain";
import { okAsync, ResultAsync } from "neverthrow";
import type { LogReader } from "./logs.ts";
import type { Pool } from "./open-pool.ts";

/** Requests, changes and incidents of a pool as one stream. */
export interface PoolLog {
  /** The newest entries, newest first. */
  newest(wish: LogWish): ResultAsync<LogEntry[], StoreError>;
  /** Begins at the oldest entry; each call of what is returned gives what has come since, oldest first. */
  follow(wish?: Pick<LogWish, "alias">): () => ResultAsync<LogEntry[], StoreError>;
}

/** Which entries are wanted. */
export interface LogWish {
  readonly limit: number;
  /** Only those about this account. */
  readonly alias?: string | undefined;
}

/** More than any log keeps: those of one account are looked for in all of it. */
const ALL = 100_000;

/** The stream of everything that the pool's processes have noted. */
export function poolLog({
  decisions,
  audit,
  incidents,
}: Pick<Pool, "decisions" | "audit" | "incidents">): PoolLog {
  const sources: readonly Source[] = [
    source(decisions, requestEntry),
    source(audit, changeEntry),
    source(incidents, incidentEntry),
  ];
  return {
    newest: ({ limit, alias }) =>
      ResultAsync.combine(sources.map((one) => one.newest(alias === undefined ? limit : ALL))).map((read) =>
        merged(read, alias).toReversed().slice(0, limit),
      ),
    follow({ alias } = {}) {
      const nexts = sources.map((one) => one.follow());
      return () => ResultAsync.combine(nexts.map((next) => next())).map((read) => merged(read, alias));
    },
  };
}

interface Source {
  newest(limit: number): ResultAsync<LogEntry[], StoreError>;
  follow(): () => ResultAsync<LogEntry[], StoreError>;
}

function source<Entry>(log: LogReader<Entry>, entryOf: (entry: Entry) => LogEntry): Source {
  return {
    newest: (limit) => log.read(limit).map((entries) => entries.map(entryOf)),
    follow() {
      let position: LinePosition | undefined;
      const next = (before: readonly LogEntry[]): ResultAsync<LogEntry[], StoreError> =>
        log.since(position).andThen((since) => {
          position = since.position;
          const read = [...before, ...since.entries.map(entryOf)];
          return since.isAll ? okAsync(read) : next(read);
        });
      return () => next([]);
    },
  };
}

/** Oldest first; ISO instants sort like the instants themselves. */
function merged(read: readonly (readonly LogEntry[])[], alias: string | undefined): LogEntry[] {
  const wanted = read.flat().filter(({ aliases }) => alias === undefined || aliases.includes(alias));
  return wanted.toSorted((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0));
}
