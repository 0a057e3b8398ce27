import { accountsOf, failure, type Failure } from "@open-multi-auth/domain";
import type { Pool } from "@open-multi-auth/runtime-node";
import { openLimits } from "@open-multi-auth/runtime-node/limits";
import { err, ok, type Result } from "neverthrow";
import type { Command, ExitCode, Input } from "../command.ts";
import type { Context } from "../context.ts";
import { judge, type Judgement } from "../limits/judge.ts";
import { withPool } from "../pool.ts";
import { spokenInstant } from "../present/time.ts";
import { usage } from "../usage.ts";

/** `oma guard --min-remaining N [alias]` */
export const guardCommand: Command = {
  arguments: [{ name: "alias", required: false }],
  options: {
    "min-remaining": { value: "percent", about: "what one account must have left of every window" },
    json: { about: "print the answer as JSON" },
  },
  examples: ["guard --min-remaining 20 && make long-job", "guard work --min-remaining 50"],
  run: async (input, context) => {
    const minRemaining = percentOf(input.values.get("min-remaining"));
    if (minRemaining.isErr()) return err(minRemaining.error);
    return withPool(context, (pool) => guard(pool, minRemaining.value, input, context));
  },
};

function percentOf(text: string | undefined): Result<number, Failure> {
  if (text === undefined) return err(usage("guard", "--min-remaining is missing"));
  const percent = /^\d{1,3}(\.\d+)?$/.test(text) ? Number(text) : Number.NaN;
  return percent <= 100
    ? ok(percent)
    : err(usage("guard", `--min-remaining "${text}" is not a percentage from 0 to 100`));
}

async function guard(
  pool: Pool,
  minRemaining: number,
  { words: [alias], flags }: Input,
  context: Context,
): Promise<Result<ExitCode, Failure>> {
  const asked = (): ReturnType<Pool["views"]> =>
    pool.views().filter((view) => alias === undefined || view.alias === alias);
  if (alias !== undefined && asked().length === 0) {
    return err(failure("ACCOUNT_NOT_FOUND", `no account is called "${alias}"`, { alias }));
  }
  const old = new Set<string>(
    asked().flatMap((view) => (view.enabled && view.limitsConfidence !== "fresh" ? view.alias : [])),
  );
  await context.progress("measuring limits", measure(pool, old));
  const judgement = judge(asked(), minRemaining, context.clock.now());
  if (flags.has("json")) context.out.print(JSON.stringify({ minRemaining, ...judgement }));
  return answer(judgement, minRemaining, context, flags.has("json"));
}

/** Only what costs nothing is asked: a guard may run every minute. */
async function measure(pool: Pool, aliases: ReadonlySet<string>): Promise<void> {
  const limits = openLimits(pool);
  const accounts = accountsOf(pool.store.state()).filter((account) => aliases.has(account.alias));
  await Promise.all(accounts.map(({ id }) => limits.probe(id, { maySpendQuota: false })));
}

function answer(
  judgement: Judgement,
  minRemaining: number,
  { out, clock }: Context,
  isSilent: boolean,
): Result<ExitCode, Failure> {
  switch (judgement.kind) {
    case "enough":
      if (!isSilent) out.print(`${judgement.alias} has ${percent(judgement.remaining)} left`);
      return ok(0);
    case "too-little": {
      const most = `${judgement.alias} has the most with ${percent(judgement.remaining)}`;
      return err(failure("LIMITS_TOO_LOW", `no account has ${percent(minRemaining)} left; ${most}`, {}));
    }
    case "none": {
      const when =
        judgement.at === undefined ? "" : `; the first is ready ${spokenInstant(judgement.at, clock.now())}`;
      return err(failure("NO_ELIGIBLE_ACCOUNTS", `no account can serve now${when}`, {}));
    }
    case "unknown":
      return err(failure("LIMITS_UNKNOWN", "the limits of no account that can serve are known", {}));
    default:
      return judgement satisfies never;
  }
}

const percent = (value: number): string => `${Math.floor(value)} %`;
