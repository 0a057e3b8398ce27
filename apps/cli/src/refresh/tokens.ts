import { toIso, type Account, type Failure } from "@open-multi-auth/domain";
import type { Pool } from "@open-multi-auth/runtime-node";
import type { Result } from "neverthrow";
import type { Context } from "../context.ts";
import { spokenInstant } from "../present/time.ts";

/** Renews one account's tokens, and says until when they are good. */
export async function refreshTokens(
  pool: Pool,
  { id, alias }: Account,
  context: Context,
): Promise<Result<string, Failure>> {
  const renewed = await context.progress(`renewing ${alias}`, pool.tokens.renew(id));
  return renewed
    .map(() => {
      const expiresAt = pool.store.state().accounts[alias]?.expiresAt;
      const end = expiresAt === undefined ? undefined : toIso(expiresAt);
      return `${alias} is renewed${end === undefined ? "" : `, its token ends ${spokenInstant(end, context.clock.now())}`}`;
    })
    .mapErr((error) => ({ ...error, message: `${alias}: ${error.message}` }));
}
