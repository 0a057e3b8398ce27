import type { Failure } from "@open-multi-auth/domain";

/** Why a run of the Codex CLI came to nothing. */
export type RunProblem =
  /** The model does not know the effort it was asked with (`unsupported_value`). */
  | "effort-unsupported"
  /** The account may not use the model. */
  | "model-unsupported"
  | "usage-limit"
  | "unauthorized"
  | "workspace-deactivated"
  | "overloaded"
  | "rate-limited"
  /** Ended by a signal, or told to stop. */
  | "interrupted"
  /** It ended well, and yet its session is not whole. */
  | "incomplete"
  | "unknown";

/**
 * Why a probe has no reading. No member holds anything of an answer's body or of a command's output: they may hold
 * private data.
 */
export type ProbeError =
  /** There is no access token to ask with; `cause` is the token source's failure. */
  | Failure<"PROBE_TOKEN_UNAVAILABLE", { code: string }>
  /** The upstream refused: the account's login, workspace or plan, or the client. */
  | Failure<"PROBE_REFUSED", { status: number; reason?: string }>
  /** No answer, or one that is no verdict: network, timeout, overload, 5xx. Try again later. */
  | Failure<"PROBE_UNANSWERED", { status?: number; errorCode?: string }>
  /** An answer that is not whole, or has another form than known; `field` says where. */
  | Failure<"PROBE_ANSWER_INVALID", { field: string }>
  /** An answer about another account. */
  | Failure<"PROBE_ANSWER_FOREIGN", { field: string }>
  /** A whole answer that names neither window: unknown, which is not 0. */
  | Failure<"PROBE_LIMITS_MISSING">
  /** A run of the Codex CLI that did not succeed wholly, whatever it said of limits on the way. */
  | Failure<"PROBE_RUN_FAILED", { problem: RunProblem; exitCode: number | null; signal: string | null }>
  /** This source cannot be used on this machine: no Codex CLI, say; `fix` says what to do about it. */
  | Failure<"PROBE_SOURCE_UNAVAILABLE", { reason: string; fix?: string }>
  /** Every source that could be asked failed; `attempts` says how each. */
  | Failure<"PROBE_SOURCES_FAILED", { attempts: readonly ProbeError[] }>;
