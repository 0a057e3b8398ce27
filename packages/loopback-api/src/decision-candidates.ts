import { epochMs, explainReason, toIso, type DecisionRecord } from "@open-multi-auth/domain";
import { z } from "zod";
import type { DecisionCandidate } from "./schemas/decision.ts";

// What a record of another version holds otherwise is left out.
const windowSchema = z
  .object({ remaining: z.number(), resetAt: z.number().nullable(), updatedAt: z.number() })
  .optional()
  .catch(undefined);
const windowsSchema = z.object({ fiveHour: windowSchema, weekly: windowSchema }).optional().catch(undefined);
const readSchema = z
  .array(z.object({ alias: z.string(), observed: windowsSchema, rateLimits: windowsSchema }))
  .catch([]);

type Window = z.infer<typeof windowSchema>;

/** The accounts of one selection, in its order: why each could not answer, in words, and what it went by. */
export function decisionCandidates({ candidates, replay }: DecisionRecord): DecisionCandidate[] {
  const read = readSchema.parse(replay["candidates"]);
  return candidates.map(({ alias, eligible, reason }) => {
    const { observed, rateLimits } = read.find((one) => one.alias === alias) ?? {};
    const fiveHour = newest(observed?.fiveHour, rateLimits?.fiveHour);
    const weekly = newest(observed?.weekly, rateLimits?.weekly);
    const resetAt = weekly?.resetAt == null ? undefined : toIso(epochMs(weekly.resetAt));
    const because = eligible && reason === undefined ? undefined : explainReason(reason ?? "skipped");
    return {
      alias,
      ...(because !== undefined && { because }),
      ...(fiveHour && { fiveHourLeft: fiveHour.remaining }),
      ...(weekly && { weeklyLeft: weekly.remaining }),
      ...(resetAt !== undefined && { weeklyResetAt: resetAt }),
    };
  });
}

/** The newer reading of a window, as `select` takes it. */
function newest(a: Window, b: Window): Window {
  if (a === undefined || b === undefined) return a ?? b;
  return a.updatedAt >= b.updatedAt ? a : b;
}
