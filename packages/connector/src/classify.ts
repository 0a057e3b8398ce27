import type { DurationMs, EpochMs } from "@open-multi-auth/domain";
import { windowsIn, type HeaderLookup } from "./observed-limits.ts";
import { quotaReset, retryAfter } from "./reset-instant.ts";
import type { UpstreamError } from "./upstream-error.ts";

/** What came of one exchange with the upstream. */
export type Outcome =
  /** A whole answer; `error` is what its body, or a failure event inside its stream, says. */
  | {
      readonly kind: "answer";
      readonly status: number;
      readonly header: HeaderLookup;
      readonly error?: UpstreamError;
    }
  /** The answer broke off. */
  | { readonly kind: "cut" }
  /** No answer: no route or name, no connection, connection lost, out of time. */
  | { readonly kind: "no-answer"; readonly cause: "unreachable" | "connect" | "network" | "timeout" }
  | { readonly kind: "aborted" };

/** What an outcome means for the account and the request. */
export type Verdict =
  | { readonly kind: "served" }
  | { readonly kind: "quota"; readonly until: EpochMs | null }
  /** `doubt`: the code of a refusal that may not be about the credential. */
  | { readonly kind: "auth"; readonly doubt?: string }
  | { readonly kind: "workspace" }
  | { readonly kind: "model"; readonly error: string }
  /** `isBurst`: it may have been too many requests at a time. */
  | { readonly kind: "transient"; readonly retryAfterMs?: DurationMs; readonly isBurst?: true }
  | { readonly kind: "foreign-content" }
  | { readonly kind: "request-error" }
  | { readonly kind: "host-offline" }
  | { readonly kind: "aborted" };

type Answer = Extract<Outcome, { kind: "answer" }>;

const QUOTA = new Set(["usage_limit_reached", "usage_not_included", "insufficient_quota"]);
const CREDENTIAL = /^(token_(expired|invalidated|revoked)|invalid_token|unauthorized)$/;
/** Where the person is, or what the request asks for, is refused; other credentials would be refused the same. */
const NOT_CREDENTIAL = /country|region|territory|policy|safety|moderation|unsupported/;
const FOREIGN = "invalid_encrypted_content";
const MODEL = /not supported .*with a ChatGPT account/i;
const BURST = /rate_limit/;
const PASSING = /overload|slow_down|server_error|internal|unavailable|timeout/;
const HTML = /^text\/html\b/i;

/** The verdict on an outcome: the one place where upstream's answers get their meaning. */
export function classify(outcome: Outcome, now: EpochMs): Verdict {
  switch (outcome.kind) {
    case "aborted":
      return { kind: "aborted" };
    case "cut":
      return { kind: "transient" };
    case "no-answer":
      return { kind: outcome.cause === "unreachable" ? "host-offline" : "transient" };
    case "answer":
      return classifyAnswer(outcome, now);
    default:
      return outcome satisfies never;
  }
}

function classifyAnswer(answer: Answer, now: EpochMs): Verdict {
  const { status, header, error = {} } = answer;
  if (status >= 200 && status < 300) return classifySuccess(answer, now);
  // A page comes from something in between; it says nothing about the account or the request.
  const page = HTML.test(header("content-type") ?? "");
  if (status >= 400 && status < 500 && !page) return classifyRefusal(status, error, header, now);
  return transient(header, now);
}

function classifyRefusal(status: number, error: UpstreamError, header: HeaderLookup, now: EpochMs): Verdict {
  if (isQuota(error) || (status === 429 && isUsedUp(header, now)))
    return { kind: "quota", until: quotaReset(error, header, now) };
  if (status === 401) return { kind: "auth" };
  if (status === 403) return classifyForbidden(error);
  if (status === 402) return { kind: "workspace" };
  if (status === 429) return { ...transient(header, now), isBurst: true };
  if (status === 408) return transient(header, now);
  return status === 400 ? classifyContent(error) : { kind: "request-error" };
}

// A failure event has no status of its own, so its code decides; without one the upstream is at fault.
function classifySuccess({ header, error }: Answer, now: EpochMs): Verdict {
  if (error === undefined) return { kind: HTML.test(header("content-type") ?? "") ? "transient" : "served" };
  if (isQuota(error)) return { kind: "quota", until: quotaReset(error, header, now) };
  if (error.code === undefined && error.message === undefined) return transient(header, now);
  if (CREDENTIAL.test(error.code ?? "")) return { kind: "auth" };
  if (BURST.test(error.code ?? "")) return { ...transient(header, now), isBurst: true };
  if (PASSING.test(error.code ?? "")) return transient(header, now);
  return classifyContent(error);
}

function classifyForbidden({ code }: UpstreamError): Verdict {
  if (code === undefined || CREDENTIAL.test(code)) return { kind: "auth" };
  return NOT_CREDENTIAL.test(code) ? { kind: "request-error" } : { kind: "auth", doubt: code };
}

function classifyContent({ code, message = "" }: UpstreamError): Verdict {
  if (code === FOREIGN) return { kind: "foreign-content" };
  if (MODEL.test(message)) return { kind: "model", error: message };
  return { kind: "request-error" };
}

function isQuota({ code }: UpstreamError): boolean {
  return code !== undefined && QUOTA.has(code);
}

function isUsedUp(header: HeaderLookup, now: EpochMs): boolean {
  return windowsIn(header, now).some((window) => window.remaining === 0);
}

function transient(header: HeaderLookup, now: EpochMs): Extract<Verdict, { kind: "transient" }> {
  const retryAfterMs = retryAfter(header, now);
  return retryAfterMs === undefined ? { kind: "transient" } : { kind: "transient", retryAfterMs };
}
