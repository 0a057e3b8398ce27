import { z } from "zod";
import { epochMsSchema } from "./time.ts";

/** Lengths in minutes by which windows are told apart; never by the slot they came in. */
export const FIVE_HOUR_MINUTES = 300;
export const WEEKLY_MINUTES = 10_080;

/** A quota over a span of time, as one reading saw it. */
export const rateLimitWindowSchema = z.looseObject({
  /** Percent left, 0 to 100. */
  remaining: z.number().min(0).max(100),
  resetAt: epochMsSchema.nullable(),
  windowMinutes: z.number().positive(),
  updatedAt: epochMsSchema,
});
export type RateLimitWindow = z.infer<typeof rateLimitWindowSchema>;

const pair = { fiveHour: rateLimitWindowSchema.optional(), weekly: rateLimitWindowSchema.optional() };

/** Where authoritative limits came from. */
export const probeSourceSchema = z.looseObject({
  kind: z.enum(["usage-endpoint", "codex-app-server", "codex-exec"]),
  model: z.string().optional(),
  file: z.string().optional(),
});
export type ProbeSource = z.infer<typeof probeSourceSchema>;

/** Limits of a wholly successful probe; nothing else may write them. */
export const rateLimitsSchema = z.looseObject({ ...pair, at: epochMsSchema, source: probeSourceSchema });

/** Limits as answers' headers told them: good for scheduling, never shown as authoritative. */
export const observedLimitsSchema = z.looseObject({ ...pair, at: epochMsSchema });
export type ObservedLimits = z.infer<typeof observedLimitsSchema>;

const historyPointSchema = z.looseObject({ remaining: z.number(), resetAt: epochMsSchema.nullable() });

/** One successful probe in an account's history; `import`: a reading of an earlier plugin, whose source is not known. */
export const historyEntrySchema = z.looseObject({
  at: epochMsSchema,
  source: z.enum([...probeSourceSchema.shape.kind.options, "import"]),
  fiveHour: historyPointSchema.optional(),
  weekly: historyPointSchema.optional(),
});
