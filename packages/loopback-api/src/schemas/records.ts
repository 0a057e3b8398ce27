import { logEntrySchema, SERIES_DAYS } from "@open-multi-auth/domain";
import { z } from "zod";

/** Of which span the series is wanted. */
export const seriesQuerySchema = z.strictObject({
  days: z.coerce.number().int().min(1).max(SERIES_DAYS).optional(),
});

/** Which entries of the log are wanted. */
export const logQuerySchema = z.strictObject({
  limit: z.coerce.number().int().min(1).max(1_000).default(100),
  /** Only those about this account. */
  alias: z.string().optional(),
});

/** Requests, changes and incidents as lines, newest first. */
export const logSchema = z.object({ entries: z.array(logEntrySchema) });
