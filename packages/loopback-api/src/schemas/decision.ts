import { decisionRecordSchema } from "@open-multi-auth/domain";
import { z } from "zod";

const iso = z.iso.datetime();

/** One request: its selections with reasons, attempts, outcome and timing. No prompt text, token or e-mail. */
export const decisionViewSchema = decisionRecordSchema.omit({ replay: true }).extend({
  at: iso,
  /** Why the request went to its account, in the words of `oma why`. */
  explanation: z.object({
    brief: z.string(),
    sentence: z.string(),
    /** The account that it was to go to first, where another one answered. */
    movedFrom: z.string().optional(),
  }),
  forceState: z.object({ active: z.boolean(), alias: z.string().optional(), until: iso.optional() }),
});
export type DecisionView = z.infer<typeof decisionViewSchema>;

/** Newest first. */
export const decisionsSchema = z.object({ decisions: z.array(decisionViewSchema) });

/** One account of a selection; figures where it was measured. */
export const decisionCandidateSchema = z.object({
  alias: z.string(),
  /** Why it did not answer, to follow its name: "reached its limit". */
  because: z.string().optional(),
  /** Percent. */
  fiveHourLeft: z.number().optional(),
  /** Percent. */
  weeklyLeft: z.number().optional(),
  weeklyResetAt: iso.optional(),
});
export type DecisionCandidate = z.infer<typeof decisionCandidateSchema>;

/** One of them in full, with what `select` read, so that the choice can be made again. */
export const decisionDetailSchema = z.object({
  decision: decisionViewSchema,
  /** How it ended, to follow "the request was". */
  ended: z.string(),
  /** In the order of the selection. */
  candidates: z.array(decisionCandidateSchema),
  replay: z.record(z.string(), z.unknown()),
});

/** Which records to give. */
export const decisionsQuerySchema = z.strictObject({
  limit: z.coerce.number().int().min(1).max(1_000).default(100),
  /** Only requests that were tried on this account. */
  alias: z.string().optional(),
  /** Only requests older than this instant, ISO-8601: for what comes after a first page. */
  before: iso.optional(),
});
