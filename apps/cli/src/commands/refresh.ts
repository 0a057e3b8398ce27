import { accountsOf, failure, type Account, type Failure } from "@open-multi-auth/domain";
import type { Pool } from "@open-multi-auth/runtime-node";
import { codexProbes } from "@open-multi-auth/runtime-node/codex-probes";
import { openLimits } from "@open-multi-auth/runtime-node/limits";
import { err, ok, type Result } from "neverthrow";
import type { Command, ExitCode } from "../command.ts";
import type { Context } from "../context.ts";
import { withPool } from "../pool.ts";
import { failureLines } from "../present/failures.ts";
import { NO_ACCOUNTS } from "../present/no-accounts.ts";
import { refreshLimits } from "../refresh/limits.ts";
import { refreshTokens } from "../refresh/tokens.ts";
import { signalled } from "../signalled.ts";

/** `oma refresh [alias]` */
export const refreshCommand: Command = {
  arguments: [{ name: "alias", required: false }],
  options: {
    tokens: { about: "renew the tokens, and nothing else" },
    limits: { about: "measure the limits, and nothing else" },
  },
  examples: ["refresh", "refresh work --tokens", "refresh --limits"],
  run: ({ words: [alias], flags }, context) =>
    withPool(context, async (pool) => {
      const accounts = chosen(pool, alias);
      if (accounts.isErr()) return err(accounts.error);
      if (accounts.value.length === 0) context.out.print(nothingToDo(pool));
      const both = flags.has("tokens") === flags.has("limits");
      const renewed = both || flags.has("tokens") ? await renewTokens(pool, accounts.value, context) : true;
      const measured =
        both || flags.has("limits") ? await measureLimits(pool, accounts.value, context) : true;
      return ok<ExitCode>(renewed && measured ? 0 : 1);
    }),
};

/** The account of this alias, or, without one, every account that is enabled. */
function chosen(pool: Pool, alias: string | undefined): Result<readonly Account[], Failure> {
  const all = accountsOf(pool.store.state());
  if (alias === undefined) return ok(all.filter(({ enabled }) => enabled));
  const account = all.find((one) => one.alias === alias);
  if (!account) return err(failure("ACCOUNT_NOT_FOUND", `no account is called "${alias}"`, { alias }));
  return account.enabled
    ? ok([account])
    : err(failure("ACCOUNT_DISABLED", `"${alias}" is disabled`, { alias }));
}

async function renewTokens(pool: Pool, accounts: readonly Account[], context: Context): Promise<boolean> {
  const results: boolean[] = [];
  // One after the other; one that fails does not keep the others from it.
  for (const account of accounts) results.push(tell(await refreshTokens(pool, account, context), context));
  return !results.includes(false);
}

async function measureLimits(pool: Pool, accounts: readonly Account[], context: Context): Promise<boolean> {
  if (accounts.length === 0) return true;
  const limits = openLimits(pool, { fallbacks: codexProbes(pool, context.env) });
  // A turn under way is called off with all that it started, and the store says so; a second signal ends this at once.
  void signalled().then(() => limits.stop());
  const found = await refreshLimits(limits, accounts, context);
  return !found.map((result) => tell(result, context)).includes(false);
}

function tell(result: Result<string, Failure>, { out, err: errors }: Context): boolean {
  if (result.isOk()) out.print(result.value);
  else errors.print(failureLines(result.error, errors.colours));
  return result.isOk();
}

function nothingToDo(pool: Pool): string {
  return pool.views().length === 0 ? NO_ACCOUNTS : "every account is disabled; nothing was done";
}
