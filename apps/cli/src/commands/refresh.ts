import { accountsOf, failure, type Account, type Failure } from "@open-multi-auth/domain";
import type { Pool } from "@open-multi-auth/runtime-node";
import { err, ok, type Result } from "neverthrow";
import type { Command, ExitCode } from "../command.ts";
import type { Context } from "../context.ts";
import { withPool } from "../pool.ts";
import { failureLines } from "../present/failures.ts";
import { NO_ACCOUNTS } from "../present/no-accounts.ts";
import { refreshTokens } from "../refresh/tokens.ts";

/** `oma refresh [alias]` */
export const refreshCommand: Command = {
  arguments: [{ name: "alias", required: false }],
  options: { tokens: { about: "renew the tokens (what happens without an option, too)" } },
  examples: ["refresh", "refresh work --tokens"],
  run: ({ words: [alias] }, context) =>
    withPool(context, async (pool) => {
      const accounts = chosen(pool, alias);
      if (accounts.isErr()) return err(accounts.error);
      const exits: ExitCode[] = [];
      // One after the other; one that fails does not keep the others from it.
      for (const account of accounts.value) exits.push(await refresh(pool, account, context));
      if (exits.length === 0) context.out.print(nothingToDo(pool));
      return ok<ExitCode>(exits.includes(1) ? 1 : 0);
    }),
};

/** The account of this alias, or, without one, every account that is enabled. */
function chosen(pool: Pool, alias: string | undefined): Result<readonly Account[], Failure> {
  const all = accountsOf(pool.store.state());
  if (alias === undefined) return ok(all.filter(({ enabled }) => enabled));
  const account = all.find((one) => one.alias === alias);
  return account
    ? ok([account])
    : err(failure("ACCOUNT_NOT_FOUND", `no account is called "${alias}"`, { alias }));
}

async function refresh(pool: Pool, account: Account, context: Context): Promise<ExitCode> {
  const refreshed = await refreshTokens(pool, account, context);
  if (refreshed.isOk()) context.out.print(refreshed.value);
  else context.err.print(failureLines(refreshed.error, context.err.colours));
  return refreshed.isOk() ? 0 : 1;
}

function nothingToDo(pool: Pool): string {
  return pool.views().length === 0 ? NO_ACCOUNTS : "every account is disabled; nothing was renewed";
}
