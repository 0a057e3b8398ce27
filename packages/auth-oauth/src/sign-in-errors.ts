import { failure, type Failure } from "@open-multi-auth/domain";
import { errorCodeOf } from "./token-endpoint.ts";

/** Why a callback is no answer to the sign-in that waits for it. */
export type CallbackError =
  /** Not the answer of an authorization server, or pasted in part. The sign-in goes on waiting. */
  | Failure<"CALLBACK_INVALID", { why: "no-address" | "no-code" | "malformed" }>
  /** The answer to another sign-in, or a forged one. The sign-in goes on waiting. */
  | Failure<"CALLBACK_STATE_MISMATCH">
  | SignInDenied;

/** The authorization server, or the person there, said no. `error` is its code for why. */
export type SignInDenied = Failure<"SIGN_IN_DENIED", { error: string; description?: string }>;

/** Why a sign-in that was under way came to nothing. */
export type SignInError =
  | SignInDenied
  /** The code was used or is too old; the person signs in again. */
  | Failure<"CODE_REJECTED", { status: number }>
  /** No answer came. `endpoint` is its address without credentials. */
  | Failure<"TOKEN_ENDPOINT_UNREACHABLE", { endpoint: string; status?: number; errorCode?: string }>
  /** An answer without a login in it. */
  | Failure<"TOKEN_RESPONSE_INVALID", { status: number }>
  /** The upstream does not offer sign-ins by user code. */
  | Failure<"DEVICE_FLOW_UNAVAILABLE", { status: number }>
  /** Nobody entered the user code in time. */
  | Failure<"DEVICE_CODE_EXPIRED">;

/** The person refused, or may not; what the server adds is kept only where it is plain text. */
export function denied(error: string | null, description: string | null): SignInDenied {
  const code = error !== null && /^[a-z_]{1,64}$/.test(error) ? error : "unknown";
  const plain = description !== null && /^[\x20-\x7e]{1,200}$/.test(description) ? description : undefined;
  return failure("SIGN_IN_DENIED", `the sign-in was refused (${code})`, {
    error: code,
    ...(plain !== undefined && { description: plain }),
  });
}

/** An endpoint that did not answer, or only to say that it cannot. */
export function unreachable(
  url: string,
  why: { readonly status: number } | { readonly thrown: unknown },
): SignInError {
  const { origin, pathname } = new URL(url);
  const errorCode = "thrown" in why ? errorCodeOf(why.thrown) : undefined;
  const reason = "status" in why ? String(why.status) : errorCode;
  return failure(
    "TOKEN_ENDPOINT_UNREACHABLE",
    `${origin} gave no answer${reason === undefined ? "" : ` (${reason})`}`,
    {
      endpoint: origin + pathname,
      ...("status" in why && { status: why.status }),
      ...(errorCode !== undefined && { errorCode }),
    },
  );
}

/** Whether an answer says nothing about the request, only that it cannot be answered now. */
export const isOverloaded = (status: number): boolean => status >= 500 || status === 408 || status === 429;
