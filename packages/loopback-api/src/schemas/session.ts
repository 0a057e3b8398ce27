import { z } from "zod";

/** The one-time code from the address that `oma dashboard` opened. */
export const sessionRequestSchema = z.strictObject({ code: z.string().min(1).max(200) });

/** A session has begun; its cookie is set, and no script can read it. */
export const sessionSchema = z.object({ status: z.literal("ok") });

/** A one-time code for a page, good for a minute. */
export const launchCodeSchema = z.object({ code: z.string(), expiresAt: z.iso.datetime() });
