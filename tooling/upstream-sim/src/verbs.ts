import type { AccountOptions, AccountProfile } from "./account.ts";
import type { Endpoint, Step } from "./behaviour.ts";
import type { Gates } from "./gates.ts";
import type { LogEntry, LogMode, LogPredicate, RequestLog } from "./log.ts";
import { scriptProblem } from "./script.ts";
import { accountOf, addAccount, expireAccessTokens, type SimAccount, type SimState } from "./state.ts";
import type { TokenSet } from "./tokens.ts";
import { setUsed, windowsAt, type QuotaWindow, type WindowName } from "./windows.ts";

/** An account as it stands now. */
export interface AccountView extends AccountProfile {
  readonly quota: readonly QuotaWindow[];
  readonly tokens: TokenSet;
}

/** What tests do to the simulated servers. */
export interface SimVerbs {
  /** Adds an account and logs it in. */
  addAccount(options: AccountOptions): AccountView;
  accounts(): readonly AccountView[];
  /** The newest token set of the account. */
  tokensOf(alias: string): TokenSet;
  /** Sets how much of a window is used, 100 percent by default; the window resets on the clock as ever. */
  drain(alias: string, window: WindowName, usedPercent?: number): void;
  /** Makes every access token the account has so far answer 401 `token_expired`. */
  expireAccessToken(alias: string): void;
  /** Replaces the account's script of this endpoint (default `responses`); no steps: normal behaviour. */
  script<E extends Endpoint = "responses">(alias: string, steps: readonly Step<E>[], endpoint?: E): void;
  /** Moves the clock on and returns its new time, epoch ms. */
  advance(ms: number): number;
  /** The simulator's time, epoch ms. */
  now(): number;
  /** Lets every stream through that waits, or will wait, at this gate. */
  releaseGate(name: string): void;
  /** The requests so far, oldest first. */
  log(): readonly LogEntry[];
  clearLog(): void;
  setLogMode(mode: LogMode): void;
  /** Resolves with the log once the predicate holds; rejects with a summary after `timeoutMs` (10 000). */
  waitForLog(predicate: LogPredicate, timeoutMs?: number): Promise<readonly LogEntry[]>;
}

export interface VerbDeps {
  readonly state: SimState;
  readonly log: RequestLog;
  readonly gates: Gates;
  readonly time: { offsetMs: number };
}

/** The verbs over the simulator's state. They throw on wrong use, such as an unknown alias. */
export function createVerbs({ state, log, gates, time }: VerbDeps): SimVerbs {
  return {
    addAccount: (options) => viewOf(addAccount(state, options), state.now()),
    accounts: () => [...state.accounts.values()].map((account) => viewOf(account, state.now())),
    tokensOf: (alias) => accountOf(state, alias).tokens,
    drain(alias, window, usedPercent = 100) {
      const account = accountOf(state, alias);
      check(account.profile.windows.includes(window), `account ${alias} has no window ${window}`);
      account.windows = setUsed(account.windows, window, usedPercent, state.now());
    },
    expireAccessToken: (alias) => expireAccessTokens(state, accountOf(state, alias)),
    script(alias, steps, endpoint) {
      const problem = scriptProblem(endpoint ?? "responses", steps);
      check(problem === null, problem ?? "");
      Object.assign(accountOf(state, alias).scripts, { [endpoint ?? "responses"]: steps });
    },
    advance(ms) {
      check(Number.isFinite(ms) && ms >= 0, "the clock only moves on");
      time.offsetMs += ms;
      return state.now();
    },
    now: () => state.now(),
    releaseGate: (name) => gates.release(name),
    log: () => log.entries(),
    clearLog: () => log.clear(),
    setLogMode(mode) {
      check(mode === "full" || mode === "light", `no log mode ${mode}`);
      log.setMode(mode);
    },
    waitForLog: (predicate, timeoutMs = 10_000) => log.waitFor(predicate, timeoutMs),
  };
}

function viewOf(account: SimAccount, now: number): AccountView {
  return { ...account.profile, quota: windowsAt(account.windows, now), tokens: account.tokens };
}

function check(holds: boolean, message: string): void {
  if (!holds) throw new Error(message);
}
