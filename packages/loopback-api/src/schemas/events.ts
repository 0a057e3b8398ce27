import { z } from "zod";
import { decisionViewSchema } from "./decision.ts";
import { probeProgressSchema } from "./limits.ts";
import { linkViewSchema } from "./link.ts";
import { stateSchema } from "./state.ts";

/**
 * What `GET /api/events` tells, each as `event: <type>` with the JSON of `data`. A connection begins with `hello` and
 * `state`. Of `state` only the newest counts, so older ones are left out for who reads slowly; the others are sent anew
 * after a reconnect, as far as they are still known.
 */
export const apiEventSchema = z.discriminatedUnion("type", [
  /** `complete: false`: what happened before this connection is not all sent anew; ask for it. */
  z.object({ type: z.literal("hello"), data: z.object({ version: z.string(), complete: z.boolean() }) }),
  /** Everything as it is now, after any change. */
  z.object({ type: z.literal("state"), data: stateSchema }),
  /** One model request has ended, in any process. */
  z.object({ type: z.literal("decision"), data: decisionViewSchema }),
  /** A probe has begun or ended; the figures are in the next `state`. */
  z.object({
    type: z.literal("probe"),
    data: probeProgressSchema.extend({
      /** The one that has just ended. */
      ended: z
        .object({
          alias: z.string(),
          outcome: z.enum(["success", "error", "stopped", "skipped"]),
          error: z.string().optional(),
        })
        .optional(),
    }),
  }),
  /** A sign-in has got further, or ended. */
  z.object({ type: z.literal("link"), data: linkViewSchema }),
  /** Something went wrong in the background; requests go on. */
  z.object({
    type: z.literal("problem"),
    data: z.object({ at: z.iso.datetime(), code: z.string(), message: z.string() }),
  }),
  /** Something that the person is told once: exhausted, a sign-in is needed, what will run out. */
  z.object({
    type: z.literal("notice"),
    data: z.object({
      at: z.iso.datetime(),
      kind: z.string(),
      alias: z.string().optional(),
      message: z.string(),
    }),
  }),
  /** This reader was too slow: events before this one were left out. */
  z.object({ type: z.literal("gap"), data: z.object({ missed: z.number() }) }),
]);
export type ApiEvent = z.infer<typeof apiEventSchema>;
