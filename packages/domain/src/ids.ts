import { err, ok, type Result } from "neverthrow";
import { z } from "zod";
import { failure, type Failure } from "./failure.ts";
import { redact } from "./redact.ts";

/** Our id of an account, minted once; deltas, affinity, leases and records use it. */
export type AccountId = string & z.$brand<"AccountId">;
/** The person's renamable name for an account. */
export type Alias = string & z.$brand<"Alias">;
/** One conversation of the client. */
export type SessionId = string & z.$brand<"SessionId">;
/** One model request through the pool. */
export type RequestId = string & z.$brand<"RequestId">;
/** An upstream model's slug, passed verbatim. */
export type Model = string;

export const accountIdSchema = z.string().min(1).max(64).brand<"AccountId">();
export const aliasSchema = z
  .string()
  .regex(/^[A-Za-z0-9._-]{1,64}$/, "1 to 64 letters, digits, '.', '_' or '-'")
  .brand<"Alias">();

/** The alias was not of the allowed form; the person chooses another. */
export type AliasInvalid = Failure<"ALIAS_INVALID", { alias: string }>;

/**
 * Checks an alias: 1 to 64 letters, digits, `.`, `_` or `-`.
 *
 * @returns the alias, or `ALIAS_INVALID`
 */
export function parseAlias(text: string): Result<Alias, AliasInvalid> {
  const parsed = aliasSchema.safeParse(text);
  if (parsed.success) return ok(parsed.data);
  // What was given as an alias may be a token pasted amiss.
  const alias = redact(text).slice(0, 64);
  return err(failure("ALIAS_INVALID", "an alias is 1 to 64 letters, digits, '.', '_' or '-'", { alias }));
}

export const sessionId = (value: string): SessionId => value as SessionId;
export const requestId = (value: string): RequestId => value as RequestId;
export const accountId = (value: string): AccountId => value as AccountId;
