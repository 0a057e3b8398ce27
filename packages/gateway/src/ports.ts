import type {
  Alias,
  Clock,
  EpochMs,
  FailoverReason,
  Failure,
  Model,
  SessionId,
} from "@open-multi-auth/domain";
import type { ResultAsync } from "neverthrow";

/** One model request, as the gateway hands it over. */
export interface GatewayRequest {
  /** `/responses` and below, with its query. */
  readonly path: string;
  readonly method: string;
  /** By lower-case names, without any credential that the client sent. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array<ArrayBuffer> | null;
  /** Aborts when the client goes away. */
  readonly signal: AbortSignal;
  readonly sessionId?: SessionId;
  readonly parentSessionId?: SessionId;
  readonly model?: Model;
}

/** What a read of an answer's body gives. */
export type AnswerChunk =
  | { readonly done: false; readonly value: Uint8Array }
  | { readonly done: true; readonly value?: Uint8Array | undefined };

/** An answer's body, read chunk by chunk and only as fast as the client takes it. */
export interface AnswerBody {
  /** The next chunk; at once where it is there already. Rejects, or throws, when the body breaks off. */
  read(): AnswerChunk | Promise<AnswerChunk>;
  /** The client wants no more of it. */
  cancel(): void;
}

/** An answer for the client. */
export interface GatewayAnswer {
  readonly status: number;
  readonly statusText: string;
  /** By lower-case names. */
  readonly headers: Iterable<[string, string]>;
  readonly body: AnswerBody | null;
}

/** Why there is no answer to give. */
export type GatewayRefusal = Failure<
  "NO_ELIGIBLE_ACCOUNTS" | "ALL_ACCOUNTS_EXHAUSTED" | "HOST_OFFLINE" | "REQUEST_ABORTED",
  {
    /** When asking again is worth it; absent where a person has to do something first. */
    readonly nextRetryAt?: EpochMs;
    /** Why each account did not serve. */
    readonly reasons?: Readonly<Record<Alias, FailoverReason>>;
  }
>;

/** Answers model requests from the accounts of a pool. */
export interface RequestHandler {
  handle(request: GatewayRequest): ResultAsync<GatewayAnswer, GatewayRefusal>;
}

/** What a window of the whole pool looks like. */
export interface PoolWindow {
  /** Percent used of all accounts' quota together; below 100 while an account can serve. */
  readonly usedPercent: number;
  readonly windowMinutes: number;
  /** When the first account gets quota back. */
  readonly resetAt: EpochMs;
}

/** What the pool has left, as clients are told. */
export interface PoolUsage {
  /** Whether an account can serve now. */
  readonly isAllowed: boolean;
  readonly fiveHour?: PoolWindow;
  readonly weekly?: PoolWindow;
}

/** What a gateway is made of. */
export interface GatewayDeps {
  readonly handler: RequestHandler;
  /** Digests of the keys that open it; asked at every request. */
  readonly keyDigests: () => readonly string[];
  /** Has `keyDigests` know keys that another process made a moment ago; asked before a key is refused. */
  readonly reloadKeys: () => Promise<unknown>;
  readonly usage: () => PoolUsage;
  readonly clock: Clock;
  /** Version of the program, for its health route. */
  readonly version: string;
}
