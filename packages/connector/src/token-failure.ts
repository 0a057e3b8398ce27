import type { DurationMs, Failure } from "@open-multi-auth/domain";
import type { Mark } from "./account-event.ts";
import { fieldsOf } from "./json.ts";

/** Why an account has no access token, and what that says. */
export interface TokenFailure extends Mark {
  /** Whether the authorization server answered; unknown where it was not asked. */
  readonly reached: boolean | undefined;
}

/** Reads a token source's failure. What may pass by itself only rests the account. */
export function tokenFailure({ code, details }: Failure, restMs: DurationMs): TokenFailure {
  const { why, status } = fieldsOf(details);
  const rest = { kind: "token-unavailable", restMs } as const;
  if (code === "REFRESH_TOKEN_REJECTED") {
    const reason = "expired-refresh-failed";
    return { reason, event: { kind: "auth-invalid", reason }, reached: true };
  }
  if (code === "NO_TOKEN") {
    const reason = "no-token";
    if (why === "store-unreadable") return { reason, event: rest, reached: undefined };
    return { reason, event: { kind: "auth-invalid", reason }, reached: undefined };
  }
  const reached = code === "TOKEN_ENDPOINT_UNREACHABLE" ? status !== undefined : undefined;
  return { reason: "expired-refresh-failed", event: rest, reached };
}
