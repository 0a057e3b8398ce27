import type { Place } from "./behaviour.ts";
import type { GrantUse } from "./grants.ts";

export type LogMode = "full" | "light";

/** `open`: not ended yet; `cut`: ended early by a script; `aborted`: the client went away before the end. */
export type Outcome = "open" | "done" | "cut" | "aborted";

export interface LogEntry {
  /** From 1, in order of arrival. */
  readonly seq: number;
  /** Epoch ms of the simulator's clock, as all times here. */
  readonly at: number;
  readonly endpoint: Place | "unknown";
  readonly method: string;
  /** With its query. */
  readonly path: string;
  /** The account the token belongs to; null for an unknown token. */
  alias: string | null;
  accountId: string | null;
  /** All request headers; null in light mode. */
  readonly headers: Readonly<Record<string, string>> | null;
  /** The bearer token as sent (it is a simulated one); null in light mode. */
  readonly accessToken: string | null;
  /** First 12 hex digits of the token's SHA-256; null in light mode. */
  readonly accessTokenFingerprint: string | null;
  readonly sessionId: string | null;
  model: string | null;
  bodyBytes: number;
  /** The parsed body (JSON or form); null in light mode or when it is neither. */
  body: unknown;
  /** The step of the script it met, or null when served normally. */
  behaviour: string | null;
  /** Null while there is no head of an answer. */
  status: number | null;
  outcome: Outcome;
  endedAt: number | null;
  /** Requests to the token endpoint only. */
  grant: GrantUse | null;
}

/** Entries that match every given field. */
export interface LogFilter {
  readonly endpoint?: LogEntry["endpoint"];
  readonly alias?: string;
  readonly status?: number;
  readonly outcome?: Outcome;
}

export interface RequestLog {
  mode(): LogMode;
  setMode(mode: LogMode): void;
  open(entry: Omit<LogEntry, "seq">): LogEntry;
  /** Tells waiters that an entry has changed. */
  changed(): void;
  entries(): readonly LogEntry[];
  clear(): void;
  waitFor(predicate: LogPredicate, timeoutMs: number): Promise<readonly LogEntry[]>;
}

export type LogPredicate = (entries: readonly LogEntry[]) => boolean;

/** Enough for any test; a benchmark runs on without filling the memory. */
const capacity = 10_000;

export function createRequestLog(initialMode: LogMode): RequestLog {
  const waiters = new Set<() => void>();
  let mode = initialMode;
  let seq = 0;
  let kept: LogEntry[] = [];

  function changed(): void {
    for (const check of waiters) check();
  }

  return {
    mode: () => mode,
    setMode(next) {
      mode = next;
    },
    open(fields) {
      seq += 1;
      const entry = { seq, ...fields };
      kept.push(entry);
      if (kept.length >= 2 * capacity) kept = kept.slice(-capacity);
      changed();
      return entry;
    },
    changed,
    entries: () => snapshot(kept),
    clear() {
      kept = [];
    },
    waitFor(predicate, timeoutMs) {
      return new Promise((resolve, reject) => {
        const timer = setTimeout(() => {
          waiters.delete(check);
          reject(
            new Error(`not seen in the request log within ${timeoutMs} ms; it holds:\n${summary(kept)}`),
          );
        }, timeoutMs);
        const check = (): void => {
          if (!predicate(kept)) return;
          clearTimeout(timer);
          waiters.delete(check);
          resolve(snapshot(kept));
        };
        waiters.add(check);
        check();
      });
    },
  };
}

// Copies, since entries go on changing until their exchange has ended.
function snapshot(entries: readonly LogEntry[]): readonly LogEntry[] {
  return entries.map((entry) => Object.assign({}, entry));
}

export function filterLog(entries: readonly LogEntry[], filter: LogFilter): readonly LogEntry[] {
  return entries.filter(
    (entry) =>
      (filter.endpoint === undefined || entry.endpoint === filter.endpoint) &&
      (filter.alias === undefined || entry.alias === filter.alias) &&
      (filter.status === undefined || entry.status === filter.status) &&
      (filter.outcome === undefined || entry.outcome === filter.outcome),
  );
}

function summary(entries: readonly LogEntry[]): string {
  return entries
    .slice(-20)
    .map(
      (entry) => `  ${entry.seq} ${entry.alias ?? "-"} ${entry.path} ${entry.status ?? "-"} ${entry.outcome}`,
    )
    .join("\n");
}
