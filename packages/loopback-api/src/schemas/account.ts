import { accountViewSchema } from "@open-multi-auth/domain";
import { z } from "zod";

const iso = z.iso.datetime();
const point = z.object({ remaining: z.number(), resetAt: iso.nullable() });

/** Every account, in the order of linking. */
export const accountsSchema = z.object({ accounts: z.array(accountViewSchema) });

/** One account with what only its details show. */
export const accountDetailSchema = z.object({
  account: accountViewSchema,
  addedAt: iso,
  /** How it was linked first. */
  source: z.string(),
  /** Other tools whose file holds the same login. */
  sharedWith: z.array(z.object({ kind: z.string(), path: z.string() })),
  /** Its successful probes, oldest first, at most 100. */
  history: z.array(
    z.object({ at: iso, source: z.string(), fiveHour: point.optional(), weekly: point.optional() }),
  ),
});
export type AccountDetail = z.infer<typeof accountDetailSchema>;

/** An account after a change. */
export const accountChangedSchema = z.object({ account: accountViewSchema });

/** The switch of an account. */
export const enabledRequestSchema = z.strictObject({
  enabled: z.boolean(),
  /** Why it is disabled. */
  reason: z.string().max(500).optional(),
  /** Disable it even if no enabled account is left. */
  allowNone: z.boolean().optional(),
});

/** What a person changes about an account; what is not named stays. */
export const accountPatchSchema = z.strictObject({
  alias: z.string().optional(),
  /** All of them; none clears them. */
  tags: z.array(z.string()).max(100).optional(),
  /** An empty one clears it. */
  notes: z.string().max(10_000).optional(),
  /** In (0, 1]; null goes back to 1. */
  weight: z.number().nullable().optional(),
  /** Percent left to its owner; null goes back to 0. */
  reservePercent: z.number().nullable().optional(),
});
export type AccountPatch = z.infer<typeof accountPatchSchema>;

/** An account that was removed. */
export const accountRemovedSchema = z.object({ alias: z.string() });

/** Whether a login of the Codex CLI that is linked nowhere may be given up. */
export const switchRequestSchema = z.strictObject({ replace: z.boolean().optional() });

/** The account that the Codex CLI is signed in with now, and its file. */
export const switchedSchema = z.object({ alias: z.string(), path: z.string() });
