import { epochMs, toIso, type EpochMs } from "@open-multi-auth/domain";
import { z } from "zod";
import type { AntigravityView } from "./view.ts";

// Only what is shown is looked at: the file is another program's, and grows as that does.
const accountSchema = z.looseObject({
  refreshToken: z.string().optional(),
  projectId: z.string().optional(),
  managedProjectId: z.string().optional(),
  addedAt: z.number().optional(),
  lastUsed: z.number().optional(),
  rateLimitResetTimes: z.record(z.string(), z.number().nullish()).nullish(),
});
const fileSchema = z.looseObject({
  accounts: z.array(accountSchema),
  activeIndex: z.number().int().optional(),
});

/**
 * The accounts in the text of `antigravity-accounts.json`.
 *
 * @returns undefined where it is not such a file
 */
export function parseAccounts(text: string, now: EpochMs): AntigravityView["accounts"] | undefined {
  const file = fileSchema.safeParse(parsed(text)).data;
  return file?.accounts.map((account, index) => {
    const { refreshToken, projectId, managedProjectId, addedAt, lastUsed, rateLimitResetTimes } = account;
    const project = projectId || managedProjectId;
    const [added, used] = [isoOf(addedAt), isoOf(lastUsed)];
    return {
      number: index + 1,
      inUse: index === (file.activeIndex ?? 0),
      signedIn: refreshToken !== undefined && refreshToken !== "",
      ...(project && { projectId: project }),
      ...(added !== undefined && { addedAt: added }),
      ...(used !== undefined && { lastUsed: used }),
      resting: Object.entries(rateLimitResetTimes ?? {}).flatMap(([what, until]) => {
        const end = until != null && until > now ? toIso(epochMs(until)) : undefined;
        return end === undefined ? [] : [{ what, until: end }];
      }),
    };
  });
}

const isoOf = (at: number | undefined): string | undefined =>
  at !== undefined && at > 0 ? toIso(epochMs(at)) : undefined;

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
