import { z } from "zod";

const iso = z.iso.datetime();

/** The accounts and quotas of Google's Antigravity on this machine, which are no part of the pool. No token, no e-mail address. */
export const antigravitySchema = z.object({
  /** When it was read. */
  at: iso,
  /** Of the file with the accounts: `invalid` is one that we do not understand. */
  file: z.enum(["read", "missing", "unreadable", "invalid"]),
  accounts: z.array(
    z.object({
      /** Its place in the file, from 1. */
      number: z.number().int().min(1),
      inUse: z.boolean(),
      /** Whether the file has a login for it. */
      signedIn: z.boolean(),
      projectId: z.string().optional(),
      addedAt: iso.optional(),
      lastUsed: iso.optional(),
      /** What the file says is used up, and until when. */
      resting: z.array(z.object({ what: z.string(), until: iso })),
    }),
  ),
  /** Of the language server on this machine: `silent` is one that did not tell. */
  server: z.enum(["answers", "not-running", "silent"]),
  /** Of the account in use; null unless the server answers. */
  quotas: z
    .object({
      credits: z.object({ available: z.number(), monthly: z.number() }).nullable(),
      models: z.array(
        z.object({
          label: z.string(),
          model: z.string().optional(),
          /** Percent left, 0 to 100. */
          remaining: z.number().min(0).max(100),
          resetAt: iso.nullable(),
        }),
      ),
    })
    .nullable(),
});
export type AntigravityReading = z.infer<typeof antigravitySchema>;
