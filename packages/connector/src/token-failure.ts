import type { DurationMs, Failure } from "@open-multi-auth/domain";
import type { Mark } from "./account-event.ts";
import { isUnreachable } from "./connect-failure.ts";
import { fieldsOf } from "./json.ts";

/** A refresh that takes long goes on by itself, and may bring the account back at any moment. */
const UNDER_WAY_MS: DurationMs = 5_000;

/** Why an account has no access token, and what that says. */
export interface TokenFailure extends Mark {
  /** Whether the network was there; unknown where that cannot be told from the failure. */
  readonly reached: boolean | undefined;
}

/** Reads a token source's failure. What may pass by itself only rests the account. */
export function tokenFailure({ code, details }: Failure, restMs: DurationMs): TokenFailure {
  const { why, status, errorCode, fingerprint } = fieldsOf(details);
  const refused = typeof fingerprint === "string" ? { fingerprint } : {};
  const isUnderWay = code === "REFRESH_UNDER_WAY";
  const rest = {
    kind: "token-unavailable",
    restMs: isUnderWay ? Math.min(restMs, UNDER_WAY_MS) : restMs,
  } as const;
  if (code === "REFRESH_TOKEN_REJECTED") {
    const reason = "expired-refresh-failed";
    return { reason, event: { kind: "auth-invalid", reason, ...refused }, reached: true };
  }
  if (code === "NO_TOKEN") {
    const reason = "no-token";
    if (why === "store-unreadable") return { reason, event: rest, reached: undefined };
    return { reason, event: { kind: "auth-invalid", reason, ...refused }, reached: undefined };
  }
  return { reason: "expired-refresh-failed", event: rest, reached: networkSeen(status, errorCode) };
}

// A token endpoint that refuses or is silent says nothing about the way to the upstream.
function networkSeen(status: unknown, errorCode: unknown): boolean | undefined {
  if (status !== undefined) return true;
  return isUnreachable(errorCode) ? false : undefined;
}
