import { strategySchema } from "@open-multi-auth/domain";
import { z } from "zod";

/** Which account to pin; an end time is refused, since it is always 24 hours. */
export const forceRequestSchema = z.strictObject({ alias: z.string() });

/** What clearing a force did. */
export const forceClearedSchema = z.object({
  /** The account that was forced; null where none was. */
  alias: z.string().nullable(),
  /** The persisted strategy, which holds again. */
  restoredStrategy: strategySchema,
});
export type ForceClearedView = z.infer<typeof forceClearedSchema>;
