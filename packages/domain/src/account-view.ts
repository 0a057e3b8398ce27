import { z } from "zod";
import { accountSchema } from "./account.ts";
import { actorSchema } from "./actor.ts";
import { probeSourceSchema } from "./rate-limit-window.ts";
import { failoverReasonSchema, ineligibilitySchema } from "./reasons.ts";
import type { Account } from "./account.ts";
import { after, type EpochMs } from "./time.ts";

const iso = z.iso.datetime();

const windowViewSchema = z.object({
  remaining: z.number(),
  used: z.number(),
  resetAt: iso.nullable(),
  windowMinutes: z.number(),
});

const paceViewSchema = z.object({
  /** Percent of the window per hour, since the window began. */
  burnPerHour: z.number(),
  /** Percent points used beyond an even pace; less than nothing where there is some in reserve. */
  deficit: z.number(),
  stage: z.enum(["on-track", "deficit", "reserve"]),
  /** When nothing is left at this pace; null where it lasts until the reset. */
  runsOutAt: iso.nullable(),
  /** Percent that the reset will throw away at this pace. */
  waste: z.number(),
});

/** An account as the API, `oma list --json` and `oma status --json` show it. No token, ever. */
export const accountViewSchema = z.object({
  /** Ours; it stays when the alias changes. */
  id: z.string(),
  alias: z.string(),
  email: z.string().optional(),
  planType: z.string().optional(),
  enabled: z.boolean(),
  disabledAt: iso.optional(),
  disabledBy: actorSchema.optional(),
  disableReason: z.string().optional(),
  active: z.boolean(),
  forced: z.boolean(),
  eligibility: z.object({
    eligible: z.boolean(),
    reasons: z.array(ineligibilitySchema),
    /** When the last of the timed reasons ends. */
    at: iso.optional(),
  }),
  health: z.object({ state: accountSchema.shape.health.shape.state }),
  cooldownUntil: iso.optional(),
  limits: z
    .object({
      fiveHour: windowViewSchema.nullable(),
      weekly: windowViewSchema.nullable(),
      at: iso,
      source: probeSourceSchema,
    })
    .nullable(),
  limitsConfidence: z.enum(["fresh", "stale", "error", "unknown"]),
  lastLimitProbeAt: iso.optional(),
  limitStatus: accountSchema.shape.limitStatus,
  limitError: z.string().optional(),
  limitErrorSource: probeSourceSchema.optional(),
  lastLimitErrorAt: iso.optional(),
  /** Where something can be said of it. */
  pace: z.object({ fiveHour: paceViewSchema.optional(), weekly: paceViewSchema.optional() }).optional(),
  weight: z.number(),
  reservePercent: z.number(),
  usageCount: z.number(),
  lastUsed: iso.optional(),
  tags: z.array(z.string()),
  notes: z.string().optional(),
  auth: z.object({
    state: z.enum(["valid", "expiring", "invalid"]),
    expiresAt: iso.optional(),
    /** When the upstream rejected the login, and how. */
    invalidAt: iso.optional(),
    reason: failoverReasonSchema.optional(),
  }),
});
export type AccountView = z.infer<typeof accountViewSchema>;

/** How far an account's stored limits can be trusted. */
export type LimitsConfidence = AccountView["limitsConfidence"];

const FRESH_MS = 5 * 60_000;
const KNOWN_MS = 60 * 60_000;

/** Confidence as of `now`; computed when read, so that it decays by itself. */
export function limitsConfidence(account: Account, now: EpochMs): LimitsConfidence {
  const success = account.lastLimitProbeAt;
  if (success === undefined || after(success, KNOWN_MS) < now) return "unknown";
  if (account.limitStatus === "error" || (account.lastLimitErrorAt ?? 0) > success) return "error";
  return now <= after(success, FRESH_MS) ? "fresh" : "stale";
}
