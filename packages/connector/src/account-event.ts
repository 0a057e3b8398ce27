import type { FailoverReason, Model, ObservedLimits } from "@open-multi-auth/domain";
import type { AccountEvent } from "@open-multi-auth/scheduler";
import type { Verdict } from "./classify.ts";

/** What is held against an account, and why it did not serve. */
export interface Mark {
  readonly reason: FailoverReason;
  /** Absent where there is nothing to remember beyond this request. */
  readonly event?: AccountEvent;
}

/**
 * What a verdict marks an account with; undefined where the account is not to blame.
 *
 * @param sentWith fingerprint of the access token
 */
export function markOf(
  verdict: Verdict,
  model: Model | undefined,
  observedBy: () => ObservedLimits | undefined,
  sentWith?: string,
): Mark | undefined {
  switch (verdict.kind) {
    case "quota": {
      const observed = observedBy();
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
    case "transient":
      return { reason: "transient", event: verdict };
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
