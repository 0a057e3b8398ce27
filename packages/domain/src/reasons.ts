import { z } from "zod";

/** Why an account did not serve a request; each account of a failed request ends with exactly one. */
export const failoverReasonSchema = z.enum([
  "quota-exhausted",
  "expired-refresh-failed",
  "reauth-failed",
  "no-token",
  "reauth-timeout",
  "workspace-deactivated",
  "model-unsupported",
  "disabled",
  "cooling-down",
  "transient",
  "skipped",
]);
export type FailoverReason = z.infer<typeof failoverReasonSchema>;

/** Why an account may not be selected now. */
export const ineligibilitySchema = z.enum([
  "disabled",
  "auth-invalid",
  "cooling-down",
  "workspace-resting",
  "model-resting",
  "reserve-reached",
  "health-down",
  "at-capacity",
]);
export type Ineligibility = z.infer<typeof ineligibilitySchema>;

/** What one upstream outcome means for the account and the request (the verdict table of the contracts). */
export const verdictKindSchema = z.enum([
  "served",
  "quota",
  "auth",
  "workspace",
  "model",
  "transient",
  "foreign-content",
  "request-error",
  "host-offline",
  "aborted",
]);
export type VerdictKind = z.infer<typeof verdictKindSchema>;
