import type { LogEntry } from "@open-multi-auth/domain";

/** Which entries are shown. */
export type LevelFilter = "all" | "warning" | "error";

/** Entries that say the same, told once. */
export interface LogGroup {
  /** The newest of them. */
  readonly entry: LogEntry;
  readonly count: number;
  /** When the first of them was. */
  readonly since: string;
}

/** Those of the level that is asked for and above, and neighbours that say the same as one. */
export function logGroups(entries: readonly LogEntry[], filter: LevelFilter): LogGroup[] {
  const groups: LogGroup[] = [];
  for (const entry of entries) {
    if (filter !== "all" && RANK[entry.level] < RANK[filter]) continue;
    const last = groups.at(-1);
    if (last && isSame(last.entry, entry)) {
      groups[groups.length - 1] = { ...last, count: last.count + 1, since: entry.at };
    } else groups.push({ entry, count: 1, since: entry.at });
  }
  return groups;
}

const RANK: Readonly<Record<LogEntry["level"], number>> = { info: 0, warning: 1, error: 2 };

/** Requests are one each: `oma why` explains each of them. */
const isSame = (a: LogEntry, b: LogEntry): boolean =>
  a.source !== "request" && a.source === b.source && a.level === b.level && a.message === b.message;
