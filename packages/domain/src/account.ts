import { z } from "zod";
import { actorSchema } from "./actor.ts";
import { accountIdSchema, aliasSchema, type AccountId, type Alias } from "./ids.ts";
import {
  historyEntrySchema,
  observedLimitsSchema,
  probeSourceSchema,
  rateLimitsSchema,
} from "./rate-limit-window.ts";
import { failoverReasonSchema } from "./reasons.ts";
import { epochMsSchema, type EpochMs } from "./time.ts";

/** The secret material that acts for an account. An `expiresAt` of 0 means: refresh before use. */
export const credentialSchema = z.looseObject({
  accessToken: z.string(),
  refreshToken: z.string(),
  idToken: z.string().optional(),
  expiresAt: epochMsSchema,
  /** ISO-8601, as the Codex CLI's file has it. */
  lastRefresh: z.string().optional(),
});
export type Credential = z.infer<typeof credentialSchema>;

/** Another tool's file that holds the same login, and the fingerprint of the refresh token last seen there. */
export const sharedFileSchema = z.looseObject({
  kind: z.enum(["codex-auth-json", "opencode-auth-json"]),
  path: z.string().min(1),
  fingerprint: z.string(),
});
export type SharedFile = z.infer<typeof sharedFileSchema>;

/** Hysteresis over failures and successes. */
export const healthSchema = z.looseObject({
  state: z.enum(["healthy", "degraded", "down", "half-open"]),
  failures: z.number().int().min(0),
  successes: z.number().int().min(0),
  since: epochMsSchema,
  /** A rest that we chose ourselves after failures; what upstream asked for is the account's `rateLimitedUntil`. */
  rest: z.looseObject({ from: epochMsSchema, until: epochMsSchema }).optional(),
});
export type Health = z.infer<typeof healthSchema>;

/** One upstream identity, (user, workspace), with its credential and everything known about it. */
export const accountSchema = z.looseObject({
  ...credentialSchema.shape,
  id: accountIdSchema,
  alias: aliasSchema,
  email: z.string().optional(),
  userId: z.string().optional(),
  /** The upstream's id of the workspace, sent as `ChatGPT-Account-Id`. */
  accountId: z.string().optional(),
  accountUserId: z.string().optional(),
  planType: z.string().optional(),
  source: z.enum(["browser", "device", "codex", "opencode", "import"]),
  sharedWith: z.array(sharedFileSchema).optional(),
  enabled: z.boolean(),
  disabledAt: epochMsSchema.optional(),
  disabledBy: actorSchema.optional(),
  disableReason: z.string().optional(),
  authInvalid: z.boolean().optional(),
  authInvalidatedAt: epochMsSchema.optional(),
  authInvalidReason: failoverReasonSchema.optional(),
  rateLimitedUntil: epochMsSchema.optional(),
  /** When that cooldown was set: a success of an older request does not end it. */
  rateLimitedAt: epochMsSchema.optional(),
  /** When upstream last said that the quota is used up: limits may be reset early, so it is asked again now and then. */
  quotaRefusedAt: epochMsSchema.optional(),
  /** How many requests at a time upstream takes, as far as refused bursts have taught it; a fraction is growth. */
  concurrency: z.looseObject({ cap: z.number().min(1), refusedAt: epochMsSchema }).optional(),
  modelUnsupported: z
    .record(z.string(), z.looseObject({ until: epochMsSchema, error: z.string() }))
    .optional(),
  /** Models that refused to measure its limits, and until when they are not tried again. */
  probeModelsRefused: z.record(z.string(), epochMsSchema).optional(),
  workspaceDeactivatedUntil: epochMsSchema.optional(),
  health: healthSchema,
  rateLimits: rateLimitsSchema.optional(),
  rateLimitHistory: z.array(historyEntrySchema).max(100),
  limitStatus: z.enum(["idle", "queued", "running", "success", "error", "stopped"]),
  limitError: z.string().optional(),
  /** Which source, model and session file the failed probe last asked. */
  limitErrorSource: probeSourceSchema.optional(),
  lastLimitProbeAt: epochMsSchema.optional(),
  lastLimitErrorAt: epochMsSchema.optional(),
  observed: observedLimitsSchema.optional(),
  usageCount: z.number().int().min(0),
  lastUsed: epochMsSchema.optional(),
  tags: z.array(z.string()),
  notes: z.string().optional(),
  addedAt: epochMsSchema,
});
export type Account = z.infer<typeof accountSchema>;

/** What linking knows of a new account. */
export type NewAccount = Credential &
  Pick<Account, "source"> &
  Partial<Pick<Account, "email" | "userId" | "accountId" | "accountUserId" | "planType" | "sharedWith">>;

/** A freshly linked account: enabled, healthy, nothing measured yet. */
export function newAccount(id: AccountId, alias: Alias, linked: NewAccount, now: EpochMs): Account {
  return {
    ...linked,
    id,
    alias,
    enabled: true,
    health: { state: "healthy", failures: 0, successes: 0, since: now },
    rateLimitHistory: [],
    limitStatus: "idle",
    usageCount: 0,
    tags: [],
    addedAt: now,
  };
}
