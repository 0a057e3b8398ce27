import type { FailoverReason, Model, ObservedLimits } from "@open-multi-auth/domain";
import type { AccountEvent } from "@open-multi-auth/scheduler";
import type { Verdict } from "./classify.ts";

/** What is held against an account, and why it did not serve. */
export interface Mark {
  readonly reason: FailoverReason;
  /** Absent where there is nothing to remember beyond this request. */
  readonly event?: AccountEvent;
}

/** What else an event may need to know of the exchange. */
export interface Circumstances {
  readonly model: Model | undefined;
  /** The limits that the answer's headers tell. */
  readonly observed?: () => ObservedLimits | undefined;
  /** Fingerprint of the access token. */
  readonly sentWith?: string;
  /** Requests that the account had under way, with this one. */
  readonly inFlight: number;
}

/** What a verdict marks an account with; undefined where the account is not to blame. */
export function markOf(verdict: Verdict, circumstances: Circumstances): Mark | undefined {
  const { model, sentWith, inFlight } = circumstances;
  switch (verdict.kind) {
    case "quota": {
      const observed = circumstances.observed?.();
      const event = { kind: "quota", until: verdict.until, ...(observed && { observed }) } as const;
      return { reason: "quota-exhausted", event };
    }
    case "auth": {
      const reason = "expired-refresh-failed";
      return {
        reason,
        event: { kind: "auth-invalid", reason, ...(sentWith !== undefined && { fingerprint: sentWith }) },
      };
    }
    case "workspace":
      return { reason: "workspace-deactivated", event: { kind: "workspace" } };
    case "model": {
      const { error } = verdict;
      return {
        reason: "model-unsupported",
        ...(model !== undefined && { event: { kind: "model", model, error } }),
      };
    }
    case "transient": {
      const { isBurst, ...event } = verdict;
      return { reason: "transient", event: isBurst === true ? { ...event, inFlight } : event };
    }
    case "served":
    case "foreign-content":
    case "request-error":
    case "host-offline":
    case "aborted":
      return undefined;
    default:
      return verdict satisfies never;
  }
}
