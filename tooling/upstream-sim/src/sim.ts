import { randomBytes } from "node:crypto";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { AccountOptions, AccountProfile } from "./account.ts";
import type { Endpoint, Step } from "./behaviour.ts";
import { handleControl } from "./control.ts";
import { exchange } from "./exchange.ts";
import { createGates } from "./gates.ts";
import { createGrantRegistry } from "./grants.ts";
import { createRequestLog, type LogEntry, type LogMode, type LogPredicate } from "./log.ts";
import type { SimState } from "./state.ts";
import type { TokenSet } from "./tokens.ts";
import { createVerbs } from "./verbs.ts";
import type { QuotaWindow, WindowName } from "./windows.ts";

export interface StartOptions {
  /** Default: any free one. */
  readonly port?: number;
  readonly accounts?: readonly AccountOptions[];
  /** Default: the system's. The simulator's time is this one plus what `advance` added. */
  readonly clock?: { now(): number };
  /** Default `full`. */
  readonly logMode?: LogMode;
  /** Whether a refresh token used twice ends the whole login. Default false. */
  readonly revokeFamilyOnReuse?: boolean;
}

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

export interface UpstreamSim extends SimVerbs {
  /** `http://127.0.0.1:PORT/backend-api` */
  readonly backendUrl: string;
  /** `http://127.0.0.1:PORT` */
  readonly issuerUrl: string;
  /** `http://127.0.0.1:PORT/sim`, for `connectUpstreamSim` */
  readonly controlUrl: string;
  /** Ends the server and every socket. */
  close(): Promise<void>;
}

/** Starts a simulated ChatGPT backend and authorization server on 127.0.0.1. */
export async function startUpstreamSim(options: StartOptions = {}): Promise<UpstreamSim> {
  const { clock = Date, accounts = [], logMode = "full", revokeFamilyOnReuse = false } = options;
  const time = { now: () => clock.now() + time.offsetMs, offsetMs: 0 };
  const state: SimState = {
    accounts: new Map(),
    accessTokens: new Map(),
    grants: createGrantRegistry({ revokeFamilyOnReuse }),
    now: time.now,
    serial: createSerial(),
  };
  const log = createRequestLog(logMode);
  const gates = createGates();
  const verbs = createVerbs({ state, log, gates, time });
  for (const account of accounts) verbs.addAccount(account);

  const server = createServer((req, res) => {
    const done =
      req.url?.startsWith("/sim/") === true
        ? handleControl(req, res, verbs)
        : exchange(req, res, { state, log, gates });
    // A fault of the simulator must be seen, not mistaken for a scripted one.
    done.catch((error: unknown) => res.destroy(error instanceof Error ? error : undefined));
  });
  server.requestTimeout = 0;
  server.keepAliveTimeout = 60_000;
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject).listen(options.port ?? 0, "127.0.0.1", resolve);
  });
  const { port } = server.address() as AddressInfo;
  const issuerUrl = `http://127.0.0.1:${port}`;
  return {
    ...verbs,
    issuerUrl,
    backendUrl: `${issuerUrl}/backend-api`,
    controlUrl: `${issuerUrl}/sim`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

// The random part keeps tokens of an earlier run unknown to this one.
function createSerial(): () => string {
  const run = randomBytes(4).toString("hex");
  let count = 0;
  return () => {
    count += 1;
    return `${run}_${count}`;
  };
}
