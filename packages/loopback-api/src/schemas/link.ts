import { z } from "zod";
import { failureSchema } from "./failure.ts";

const iso = z.iso.datetime();

/** What is to be linked. */
export const linkRequestSchema = z.strictObject({
  /** What to call it; without one it is called after its e-mail address. */
  alias: z.string().optional(),
  method: z.enum(["browser", "device"]),
  /** The upstream's id of the workspace that it must be. Browser only. */
  workspace: z.string().min(1).max(200).optional(),
});

/** How to sign in again. */
export const reauthRequestSchema = z.strictObject({
  method: z.enum(["browser", "device"]).optional(),
  /** Take another account's login too: the person has confirmed it. */
  allowOtherAccount: z.boolean().optional(),
});

const promptSchema = z.discriminatedUnion("kind", [
  z.object({
    kind: z.literal("browser"),
    /** Where to sign in. */
    url: z.string(),
    /** Where the browser comes back to, on this machine. */
    port: z.number(),
    /** Ports that would have been preferred, and are held by other programs. */
    passedOver: z.array(z.number()),
  }),
  z.object({
    kind: z.literal("device"),
    verificationUrl: z.string(),
    /** That address as a QR code: a row of modules each, `#` for a dark one; none for an address that is too long. */
    qr: z.array(z.string()),
    /** What the person enters there. */
    userCode: z.string(),
    intervalMs: z.number(),
  }),
]);

/** A sign-in, from its start until some time after its end. */
export const linkViewSchema = z.object({
  id: z.string(),
  purpose: z.enum(["link", "reauth"]),
  method: z.enum(["browser", "device"]),
  /** The alias that was asked for; absent where it will be made of the e-mail address. */
  alias: z.string().optional(),
  /** `finishing`: the person has signed in; the login is on its way into the store. */
  phase: z.enum(["waiting", "finishing", "done", "failed", "cancelled"]),
  /** The same in the words of a re-auth button. A sign-in that was cancelled is `idle` again. */
  progress: z.enum(["idle", "in-progress", "success", "error"]),
  startedAt: iso,
  /** When it gives up. */
  expiresAt: iso,
  /** What the person is to do; only while waiting. */
  prompt: promptSchema.optional(),
  /** What became of it, when `done`. */
  result: z
    .object({
      alias: z.string(),
      email: z.string().optional(),
      planType: z.string().optional(),
      /** `kept`: the account was there, with tokens at least as new. */
      outcome: z.enum(["added", "updated", "kept", "reauthorized"]),
      /** Other workspaces of this person; `alias` where it is linked already. */
      workspaces: z.array(
        z.object({ id: z.string(), name: z.string().optional(), alias: z.string().optional() }),
      ),
    })
    .optional(),
  /** Why nothing became of it, when `failed`. Nothing was changed then. */
  error: failureSchema.optional(),
});
export type LinkView = z.infer<typeof linkViewSchema>;

/** A sign-in that was started: where to go is in it, and `link` has all of it. */
export const linkStartedSchema = z.object({
  linkId: z.string(),
  /** Browser: where to sign in. */
  url: z.string().optional(),
  /** Device: where to enter the code. */
  verificationUrl: z.string().optional(),
  userCode: z.string().optional(),
  link: linkViewSchema,
});
export type LinkStarted = z.infer<typeof linkStartedSchema>;
