import type {
  AccountId,
  Affinity,
  Clock,
  DurationMs,
  Failure,
  Random,
  RequestId,
  RotationState,
  SessionId,
} from "@open-multi-auth/domain";
import type { AccountEvent, SelectionState } from "@open-multi-auth/scheduler";
import type { ResultAsync } from "neverthrow";
import type { BodySource } from "./body-source.ts";

/** What the pool looks like at one moment; immutable. */
export interface PoolSnapshot {
  readonly state: SelectionState;
  readonly affinity: Affinity;
  /** How many accounts are enabled, and how many are not. */
  readonly enabled: number;
  readonly disabled: number;
}

/** Where a request was placed. */
export interface Placement {
  readonly sessionId?: SessionId;
  readonly accountId: AccountId;
  readonly rotation: RotationState;
}

/** The accounts and what is known about them. All but `reload` work on memory alone and never block. */
export interface AccountPool {
  snapshot(): PoolSnapshot;
  /** Takes note of what an outcome did to an account. */
  record(event: { readonly accountId: AccountId; readonly event: AccountEvent }): void;
  /** A request is about to be sent with the account; `ended` follows once. */
  began(accountId: AccountId): void;
  /** It got no answer from the account, or its answer has ended. */
  ended(accountId: AccountId): void;
  /** Binds the conversation to the account and keeps the strategy's state. */
  place(placement: Placement): void;
  /** Reads the shared state once more: another process may have repaired something. */
  reload(): Promise<void>;
}

/** An access token to send, and what tells it from others without showing it. */
export interface AccessToken {
  readonly accessToken: string;
  /** Sent as `ChatGPT-Account-Id`. */
  readonly upstreamAccountId?: string;
  readonly fingerprint: string;
}

/**
 * Where access tokens come from.
 *
 * `rejected` is the fingerprint of a token that upstream refused: it is not handed out again. The failure's code
 * `NO_TOKEN` and `REFRESH_TOKEN_REJECTED` mean that a person must sign in again; all others pass by themselves.
 */
export interface TokenSource {
  /** A living token, where there is one at once: nothing has to be waited for then. */
  ready?(id: AccountId): AccessToken | undefined;
  ensureFresh(id: AccountId, options?: { readonly rejected?: string }): ResultAsync<AccessToken, Failure>;
}

/** One request as it goes out. */
export interface UpstreamRequest {
  readonly method: string;
  readonly headers: Record<string, string>;
  readonly body: string | Uint8Array<ArrayBuffer> | null;
  readonly signal: AbortSignal;
}

/** An answer's header fields, by lower-case names; a web `Headers` is such. */
export interface HeaderFields extends Iterable<[string, string]> {
  get(name: string): string | null;
  has(name: string): boolean;
  delete(name: string): void;
}

/** An answer of the upstream, as soon as its head is there. */
export interface UpstreamAnswer {
  readonly status: number;
  readonly statusText: string;
  /** The caller's own: it may change them. */
  readonly headers: HeaderFields;
  readonly body: BodySource | null;
}

/**
 * Carries a request to the upstream. It rejects when no answer came, follows no redirect, hands out the body
 * decoded (no content encoding) and closes the connection when the signal aborts.
 */
export interface Transport {
  send(url: string, request: UpstreamRequest): Promise<UpstreamAnswer>;
}

/** Takes one `DecisionRecord` per request, after its end. */
export interface DecisionLog {
  /** @param record gives it as JSON on one line; to be called when no client waits for it any more */
  append(record: () => string): void;
}

/** Runs something later; the returned function calls it off. */
export interface Timers {
  after(ms: DurationMs, run: () => void): () => void;
}

/** Bounds of one request. */
export interface Limits {
  /** For the answer's head, and the first event where it is a stream. Default 90 s. */
  readonly headMs: DurationMs;
  /** How long the start of a stream, before anything was generated, is held back in case it fails. Default 30 s. */
  readonly holdMs: DurationMs;
  /** How much of it; it repeats the request's instructions and tools. Default 1 MiB. */
  readonly holdBytes: number;
  /** How long an error answer is read to see what it says. Default 2 s. */
  readonly refusalMs: DurationMs;
  /** How long an account rests whose token could not be refreshed for a passing reason. Default 60 s. */
  readonly tokenRestMs: DurationMs;
}

/** What a connector is made of. */
export interface ConnectorDeps {
  readonly pool: AccountPool;
  readonly tokens: TokenSource;
  readonly transport: Transport;
  readonly log: DecisionLog;
  readonly clock: Clock;
  readonly random: Random;
  readonly timers: Timers;
  /** The only place where tokens are sent. */
  readonly upstreamUrl: string;
  readonly ids: () => RequestId;
  readonly limits?: Partial<Limits>;
}
