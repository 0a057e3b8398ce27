import { z } from "zod";
import { epochMsSchema } from "./time.ts";

/** What a person may want to be told of, by a word that stays the same. */
export const occasionKindSchema = z.enum([
  /** An account has used up its quota. */
  "account-exhausted",
  /** No account can serve, and it will take a while. */
  "all-exhausted",
  /** An account's login is dead: only the person can renew it. */
  "reauth-needed",
  /** At its pace, an account runs out before its window resets. */
  "will-run-out",
]);
export type OccasionKind = z.infer<typeof occasionKindSchema>;

/** One line of `activity/incidents.jsonl`: what happened to the pool. No token and no e-mail address. */
export const incidentSchema = z.looseObject({
  at: epochMsSchema,
  /** `problem`: something failed in the background, and `code` says what. */
  kind: z.enum([...occasionKindSchema.options, "problem"]),
  level: z.enum(["info", "warning", "error"]),
  alias: z.string().optional(),
  code: z.string().optional(),
  message: z.string(),
});
export type Incident = z.infer<typeof incidentSchema>;
