import type { AccountOptions } from "./account.ts";
import type { Endpoint, Step } from "./behaviour.ts";
import type { LogEntry, LogFilter, LogMode } from "./log.ts";
import type { TokenSet } from "./tokens.ts";
import type { AccountView } from "./verbs.ts";
import type { WindowName } from "./windows.ts";

/** Which entries to wait for: at least so many (default 1) that match the filter. */
export interface LogQuery extends LogFilter {
  readonly atLeast?: number;
}

/** The verbs of `UpstreamSim` over HTTP; each rejects with the simulator's reason when refused. */
export interface UpstreamSimClient {
  addAccount(options: AccountOptions): Promise<AccountView>;
  accounts(): Promise<readonly AccountView[]>;
  tokensOf(alias: string): Promise<TokenSet>;
  drain(alias: string, window: WindowName, usedPercent?: number): Promise<void>;
  expireAccessToken(alias: string): Promise<void>;
  script<E extends Endpoint = "responses">(
    alias: string,
    steps: readonly Step<E>[],
    endpoint?: E,
  ): Promise<void>;
  advance(ms: number): Promise<number>;
  now(): Promise<number>;
  releaseGate(name: string): Promise<void>;
  log(filter?: LogFilter): Promise<readonly LogEntry[]>;
  clearLog(): Promise<void>;
  setLogMode(mode: LogMode): Promise<void>;
  /** Resolves with the matching entries once there are enough; rejects after `timeoutMs` (10 000). */
  waitForLog(query: LogQuery, timeoutMs?: number): Promise<readonly LogEntry[]>;
}

/** Talks to a simulator in another process. */
export function connectUpstreamSim(controlUrl: string): UpstreamSimClient {
  async function call<T>(method: string, path: string, body?: unknown): Promise<T> {
    const init = body === undefined ? { method } : { method, body: JSON.stringify(body) };
    const response = await fetch(controlUrl + path, init);
    const answer: unknown = await response.json();
    if (!response.ok) throw new Error(`upstream-sim refused ${method} ${path}: ${JSON.stringify(answer)}`);
    return answer as T;
  }

  return {
    addAccount: (options) => call("POST", "/accounts", options),
    accounts: () => call("GET", "/accounts"),
    tokensOf: (alias) => call("GET", `${accountPath(alias)}/tokens`),
    drain: (alias, window, usedPercent) =>
      call("POST", `${accountPath(alias)}/drain`, { window, usedPercent }),
    expireAccessToken: (alias) => call("POST", `${accountPath(alias)}/expire-access-token`),
    script: (alias, steps, endpoint) =>
      call("PUT", `${accountPath(alias)}/scripts/${endpoint ?? "responses"}`, { steps }),
    advance: async (ms) => (await call<{ now: number }>("POST", "/clock", { advanceMs: ms })).now,
    now: async () => (await call<{ now: number }>("GET", "/clock")).now,
    releaseGate: (name) => call("POST", `/gates/${encodeURIComponent(name)}/release`),
    log: (filter = {}) => call("GET", `/log?${queryString({ ...filter })}`),
    clearLog: () => call("DELETE", "/log"),
    setLogMode: (mode) => call("PUT", "/log/mode", { mode }),
    waitForLog: (query, timeoutMs = 10_000) =>
      call("GET", `/log?${queryString({ atLeast: 1, ...query, timeoutMs })}`),
  };
}

function accountPath(alias: string): string {
  return `/accounts/${encodeURIComponent(alias)}`;
}

function queryString(fields: Readonly<Record<string, string | number>>): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(fields)) query.set(name, String(value));
  return query.toString();
}
