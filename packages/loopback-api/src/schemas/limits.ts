import { z } from "zod";

/** Which account; all enabled ones where none is named. */
export const oneOrAllSchema = z.strictObject({ alias: z.string().optional() });

/** Whose limits are to be measured. */
export const limitsRequestSchema = oneOrAllSchema.extend({
  /** Also by sources that cost a little quota, once the free ones have no answer. Default: yes, for a person asks. */
  maySpendQuota: z.boolean().optional(),
});

/** Where probes stand. A probe's outcome is in the account's view, and told as an event. */
export const probeProgressSchema = z.object({
  queued: z.array(z.string()),
  running: z.array(z.string()),
});
export type ProbeProgress = z.infer<typeof probeProgressSchema>;

/** Whose tokens were renewed, and whose were not and why. */
export const tokensRefreshedSchema = z.object({
  refreshed: z.array(z.object({ alias: z.string(), expiresAt: z.iso.datetime().optional() })),
  failed: z.array(z.object({ alias: z.string(), code: z.string(), message: z.string() })),
});
export type TokensRefreshed = z.infer<typeof tokensRefreshedSchema>;
