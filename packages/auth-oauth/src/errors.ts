import { fingerprint } from "./fingerprint.ts";
import { failure, type AccountId, type Failure } from "@open-multi-auth/domain";

/** Why the token endpoint holds a refresh token for dead. */
export type RejectionReason = "reused" | "revoked" | "expired" | "malformed";

/** The refresh token, known by its fingerprint, is dead; the person signs in again. */
export type RefreshTokenRejected = Failure<
  "REFRESH_TOKEN_REJECTED",
  { accountId: AccountId; reason: RejectionReason; fingerprint: string }
>;

/** What one exchange with the token endpoint can come to. */
export type ExchangeError =
  | RefreshTokenRejected
  /** No usable answer came (network, timeout, overload); the refresh token may still be good. */
  | Failure<
      "TOKEN_ENDPOINT_UNREACHABLE",
      { accountId: AccountId; tokenEndpoint: string; status?: number; errorCode?: string }
    >
  /** An answer that is none of a token endpoint's; what it says about the token is unknown. Try again later. */
  | Failure<"TOKEN_RESPONSE_INVALID", { accountId: AccountId; status: number }>;

/** Why there is no access token to send a request with. */
export type TokenError =
  /** There is nothing to refresh with; or, with `store-unreadable`, what is there cannot be read now. */
  | Failure<
      "NO_TOKEN",
      {
        accountId: AccountId;
        why: "unknown-account" | "no-refresh-token" | "store-unreadable";
        /** Of the refresh token that there is not. */
        fingerprint?: string;
      }
    >
  | ExchangeError
  /** Another process refreshes this account and does not come to an end; `cause` is the claim's. Try again later. */
  | Failure<"REFRESH_LEASE_TIMEOUT", { accountId: AccountId }>
  /** Nobody can claim a renewal now, on a full disk say: what it brings could not be kept. `cause` tells why. */
  | Failure<"LEASE_UNAVAILABLE", { accountId: AccountId }>
  /** The refresh takes longer than a request waits. It goes on, and what comes of it is kept. Try again later. */
  | Failure<"REFRESH_UNDER_WAY", { accountId: AccountId }>
  /** A disabled account is not renewed; the person enables it first. */
  | Failure<"ACCOUNT_DISABLED", { accountId: AccountId }>;

const WHY_NO_TOKEN = {
  "unknown-account": "there is no such account",
  "no-refresh-token": "the account has no refresh token",
  "store-unreadable": "the stored tokens cannot be read now",
} as const;

export function noToken(accountId: AccountId, why: keyof typeof WHY_NO_TOKEN, cause?: Failure): TokenError {
  const about = why === "no-refresh-token" ? { fingerprint: fingerprint("") } : {};
  return failure("NO_TOKEN", WHY_NO_TOKEN[why], { accountId, why, ...about }, cause);
}

/** Whether trying again is of no use before the account has another refresh token. */
export function isFinal({ code, details }: Failure): boolean {
  const isEmpty = code === "NO_TOKEN" && "why" in details && details.why === "no-refresh-token";
  return code === "REFRESH_TOKEN_REJECTED" || isEmpty;
}

/** Why another tool's file gives no login. `fix` says what to do, `field` where; values are never shown. */
export type ImportError =
  /** Not JSON, or a field of the wrong type. `field` is empty for the file as a whole. */
  | Failure<"AUTH_FILE_INVALID", { field: string; constraint: string; fix: string; path?: string }>
  /** A sound file that holds an API key, our own placeholder, or no login at all. */
  | Failure<
      "AUTH_FILE_WITHOUT_LOGIN",
      { field: string; why: "api-key" | "placeholder" | "signed-out"; fix: string; path?: string }
    >
  | AuthFileUnreadable;

/** The file itself cannot be read. */
export type AuthFileUnreadable = Failure<
  "AUTH_FILE_UNREADABLE",
  {
    path: string;
    why: "missing" | "denied" | "not-a-file" | "too-large" | "not-text" | "failed";
    fix: string;
  }
>;

/** A rotated credential could not be written back to another tool's file; the file is as it was. */
export type WriteBackError = ImportError | Failure<"AUTH_FILE_UNWRITABLE", { path: string; fix: string }>;
