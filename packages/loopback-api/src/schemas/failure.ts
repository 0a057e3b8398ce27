import { z } from "zod";

/** An expected failure, as every error body has it under `error`. */
export const failureSchema = z.object({
  /** For programs. */
  code: z.string(),
  /** For people. */
  message: z.string(),
  /** For facts; `VALIDATION_ERROR` has `issues: [{field, constraint, value?}]`. */
  details: z.record(z.string(), z.unknown()).optional(),
});
export type FailureView = z.infer<typeof failureSchema>;

/** The body of every answer that is not 2xx. */
export const errorBodySchema = z.object({ error: failureSchema });
