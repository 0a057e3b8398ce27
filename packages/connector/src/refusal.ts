import {
  failure,
  type Alias,
  type EpochMs,
  type FailoverReason,
  type Failure,
  type RequestId,
} from "@open-multi-auth/domain";
import type { Candidate } from "@open-multi-auth/scheduler";

/** What is known about a request that no account served. No secret is in it. */
export interface RefusalDetails {
  readonly requestId: RequestId;
  /** Accounts that were given the request, in this order. */
  readonly attempted: readonly Alias[];
  /** Why each account did not serve; every account has exactly one reason. */
  readonly reasons: Readonly<Record<Alias, FailoverReason>>;
  /** The last status that the upstream answered with. */
  readonly lastStatus?: number;
  /** When the first account becomes eligible by itself. */
  readonly nextRetryAt?: EpochMs;
  /** Accounts whose person must sign in again, those that failed this request ahead. */
  readonly reauthNeeded: readonly Alias[];
  readonly candidates: readonly Candidate[];
}

/** Why there is no answer to give. */
export type Refusal =
  /** No account may serve now; nothing was sent. Wait until `nextRetryAt`, or link, enable or sign in an account. */
  | Failure<"NO_ELIGIBLE_ACCOUNTS", RefusalDetails>
  /** Every account that could be tried failed; the reasons say how. */
  | Failure<"ALL_ACCOUNTS_EXHAUSTED", RefusalDetails>
  /** The upstream cannot be reached from this machine; no account was penalised. */
  | Failure<"HOST_OFFLINE", RefusalDetails>
  /** The client called the request off. */
  | Failure<"REQUEST_ABORTED", RefusalDetails>;

const MESSAGES: Readonly<Record<Refusal["code"], string>> = {
  NO_ELIGIBLE_ACCOUNTS: "no account may serve now",
  ALL_ACCOUNTS_EXHAUSTED: "every account that could be tried failed",
  HOST_OFFLINE: "the upstream cannot be reached from this machine",
  REQUEST_ABORTED: "the client called the request off",
};

/** Builds the refusal; its message names each account with its reason. */
export function refusal(code: Refusal["code"], details: RefusalDetails): Refusal {
  const reasons = Object.entries(details.reasons).map(([alias, reason]) => `${alias}: ${reason}`);
  const message = reasons.length === 0 ? MESSAGES[code] : `${MESSAGES[code]} (${reasons.join(", ")})`;
  return failure(code, message, details);
}
