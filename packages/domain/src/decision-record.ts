import { z } from "zod";
import { failoverReasonSchema, verdictKindSchema } from "./reasons.ts";
import { epochMsSchema } from "./time.ts";

const candidateSchema = z.looseObject({
  alias: z.string(),
  eligible: z.boolean(),
  /** Why not, when it was not eligible or did not serve. */
  reason: z.string().optional(),
});

const attemptSchema = z.looseObject({
  alias: z.string(),
  verdict: verdictKindSchema,
  status: z.number().int().optional(),
  /** From sending to the verdict. */
  ms: z.number(),
});

/** How a request ended for the client. */
export const requestOutcomeSchema = z.enum(["served", "passed-through", "refused", "interrupted", "aborted"]);
export type RequestOutcome = z.infer<typeof requestOutcomeSchema>;

/** One request: its selections with reasons, attempts, outcome and timing. No prompt text, token or e-mail. */
export const decisionRecordSchema = z.looseObject({
  requestId: z.string(),
  at: epochMsSchema,
  sessionId: z.string().optional(),
  model: z.string().optional(),
  strategy: z.string(),
  selectedAlias: z.string().nullable(),
  /** Why the account that served was taken: its selection, then what moved the request there. */
  why: z.string(),
  fallbackReason: failoverReasonSchema.nullable(),
  forceState: z.looseObject({
    active: z.boolean(),
    alias: z.string().optional(),
    until: epochMsSchema.optional(),
  }),
  enabledState: z.looseObject({ enabled: z.number().int(), disabled: z.number().int() }),
  candidates: z.array(candidateSchema),
  attempts: z.array(attemptSchema),
  outcome: requestOutcomeSchema,
  firstByteMs: z.number().nullable(),
  totalMs: z.number(),
  /** What `select` read, so that the choice can be made again. */
  replay: z.looseObject({ now: epochMsSchema }),
});
export type DecisionRecord = z.infer<typeof decisionRecordSchema>;
