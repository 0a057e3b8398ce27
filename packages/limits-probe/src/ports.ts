import type {
  Account,
  AccountId,
  DurationMs,
  Failure,
  HttpAnswer,
  HttpRequest,
  Model,
} from "@open-multi-auth/domain";
import type { ResultAsync } from "neverthrow";
import type { ProbeOutcome } from "./outcome.ts";

/** What a request is sent with. */
export interface ProbeToken {
  readonly accessToken: string;
  /** The workspace, for `ChatGPT-Account-Id`. */
  readonly upstreamAccountId?: string;
  readonly fingerprint: string;
}

/** Port: the pool's own living access tokens. A probe never refreshes past it, nor by a copy of the login. */
export interface ProbeTokens {
  ensureFresh(id: AccountId, options?: { readonly rejected?: string }): ResultAsync<ProbeToken, Failure>;
}

/** Port: a short exchange that can be called off; it rejects when no answer came. */
export type ProbeFetch = (url: string, request: HttpRequest, signal: AbortSignal) => Promise<HttpAnswer>;

/** Port: where limits are kept. */
export interface LimitsBook {
  /** The account as this process knows it; memory only. */
  account(id: AccountId): Account | undefined;
  /** Takes over the newest state of all processes. */
  reload(): ResultAsync<unknown, Failure>;
  /**
   * Applies the outcome to the account as it is by then, by `applyProbe`; not at all where the account is gone or has
   * another login than the outcome's. Resolves when other processes can see it, or while the disk refuses.
   *
   * @returns whether the outcome counts
   */
  record(id: AccountId, outcome: ProbeOutcome): Promise<boolean>;
}

/** Port: the exclusive claim, across processes, to probe one account. A dead holder loses it. */
export interface ProbeLease {
  acquire(id: AccountId, deadlineMs: DurationMs): ResultAsync<{ release(): Promise<void> }, Failure>;
}

/** Port: models that are not worth a turn to measure an account's limits with. It forgets, and so stays small. */
export interface RefusedModels {
  of(id: AccountId): ReadonlySet<Model>;
  add(id: AccountId, model: Model): void;
}

/** Port: runs something later; the returned function calls it off. A timer keeps no process alive. */
export interface Timers {
  after(ms: DurationMs, run: () => void): () => void;
}
