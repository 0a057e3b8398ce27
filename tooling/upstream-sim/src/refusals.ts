import type { AccountProfile } from "./account.ts";
import { limitHeaders } from "./limit-headers.ts";
import { jsonAnswer, type Reply } from "./reply.ts";
import { resetOf, type QuotaWindow } from "./windows.ts";

export interface UsageLimit {
  readonly profile: AccountProfile;
  /** All windows of the account, the used-up one included. */
  readonly windows: readonly QuotaWindow[];
  readonly exhausted: QuotaWindow;
  readonly now: number;
}

export function usageLimit({ profile, windows, exhausted, now }: UsageLimit): Reply {
  const resetsInSeconds = Math.ceil((resetOf(exhausted, now) - now) / 1000);
  const headers = { ...limitHeaders(windows, now), "retry-after": String(resetsInSeconds) };
  const body = usageLimitBody(profile, resetOf(exhausted, now), resetsInSeconds);
  if (exhausted.name === "fiveHour") return jsonAnswer(429, body, headers);
  return jsonAnswer(429, body, { ...headers, "x-codex-rate-limit-reached-type": "rate_limit_reached" });
}

/** The same limit told by the body alone, without the seconds that are left. */
export function bareUsageLimit({ profile, exhausted, now }: UsageLimit): Reply {
  return jsonAnswer(429, usageLimitBody(profile, resetOf(exhausted, now)));
}

export function usageNotIncluded(): Reply {
  const message = "To use Codex with your ChatGPT plan, upgrade to Plus.";
  return jsonAnswer(429, { error: { type: "usage_not_included", message } });
}

export function burst(retryAfterSeconds = 1): Reply {
  const wait = retryAfterSeconds === 1 ? 1.5 : retryAfterSeconds;
  const message = `Rate limit reached. Please try again in ${wait}s.`;
  const code = "rate_limit_exceeded";
  return jsonAnswer(
    429,
    { error: { type: code, code, message } },
    { "retry-after": String(retryAfterSeconds) },
  );
}

export function tokenExpired(): Reply {
  const message = "Provided authentication token is expired. Please try signing in again.";
  return jsonAnswer(401, { error: { message, code: "token_expired" }, status: 401 });
}

export function tokenUnknown(): Reply {
  const message = "Could not validate your authentication token. Please try signing in again.";
  return jsonAnswer(401, { error: { message }, status: 401 });
}

/** A good token sent with another workspace's `chatgpt-account-id`. */
export function foreignWorkspace(): Reply {
  return jsonAnswer(403, { error: { message: "This token does not belong to the workspace asked for." } });
}

export function deactivatedWorkspace(): Reply {
  return jsonAnswer(402, { detail: { code: "deactivated_workspace" } });
}

export function modelUnsupported(model: string): Reply {
  const detail = `The '${model}' model is not supported when using Codex with a ChatGPT account.`;
  return jsonAnswer(400, { detail });
}

export function effortRefused(effort: string, model: string): Reply {
  const message = `Unsupported value: '${effort}' is not supported with the '${model}' model. Supported values are: 'medium' and 'high'.`;
  return invalidRequest(message, "reasoning.effort", "unsupported_value");
}

export function foreignReasoning(): Reply {
  const message = "The encrypted content could not be verified.";
  return invalidRequest(message, null, "invalid_encrypted_content");
}

export function overload(): Reply {
  return jsonAnswer(503, { error: { code: "server_is_overloaded", message: "overloaded" } });
}

export function serverError(): Reply {
  return jsonAnswer(500, { error: { message: "The server had an error while processing your request." } });
}

function usageLimitBody(profile: AccountProfile, resetsAt: number, resetsInSeconds?: number): unknown {
  return {
    error: {
      type: "usage_limit_reached",
      message: "The usage limit has been reached",
      plan_type: profile.planType,
      resets_at: resetsAt / 1000,
      ...(resetsInSeconds === undefined ? {} : { resets_in_seconds: resetsInSeconds }),
      eligible_promo: null,
    },
  };
}

function invalidRequest(message: string, param: string | null, code: string): Reply {
  return jsonAnswer(400, { error: { message, type: "invalid_request_error", param, code } });
}
