import { z } from "zod";

/** Whose login it is. */
const sourceSchema = z.enum(["codex", "opencode"]);
export type LoginSource = z.infer<typeof sourceSchema>;

/** What other tools of this person are signed in as, here. Nothing of the login itself. */
export const loginsSchema = z.object({
  logins: z.array(
    z.object({
      source: sourceSchema,
      email: z.string().optional(),
      /** The account that it is linked as already. */
      alias: z.string().optional(),
    }),
  ),
});
export type FoundLogin = z.infer<typeof loginsSchema>["logins"][number];

/** Which tool's login to link. */
export const loginImportSchema = z.strictObject({ source: sourceSchema });

/** What became of each; `kept`: the account was there, with tokens at least as new. */
export const loginsImportedSchema = z.object({
  accounts: z.array(z.object({ alias: z.string(), outcome: z.enum(["added", "updated", "kept"]) })),
});
export type LoginImported = z.infer<typeof loginsImportedSchema>["accounts"][number];
