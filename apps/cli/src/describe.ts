import { accountsOf, failure, type Account, type Failure, type StoreV2 } from "@open-multi-auth/domain";
import { err, ok, type Result } from "neverthrow";
import type { ExitCode } from "./command.ts";
import type { Context } from "./context.ts";
import { actorOf, withPool } from "./pool.ts";
import { plain } from "./present/text.ts";

/** What is written on an account: how it is changed, where it is, and how it reads. */
interface Description {
  readonly change: ((store: StoreV2) => Result<StoreV2, Failure>) | undefined;
  readonly shown: (account: Account) => string;
}

/** Changes what is written on an account, if that was asked for, and prints it. */
export function describe(
  alias: string,
  context: Context,
  { change, shown }: Description,
): Promise<Result<ExitCode, Failure>> {
  return withPool(context, async (pool) => {
    const store = pool.audited({ actor: actorOf(context), action: "account.edit" });
    const changed = change ? await store.update(change) : ok(store.state());
    if (changed.isErr()) return err(changed.error);
    const account = accountsOf(changed.value).find((candidate) => candidate.alias === alias);
    if (!account) return err(failure("ACCOUNT_NOT_FOUND", `no account is called "${alias}"`, { alias }));
    context.out.print(plain(shown(account)));
    return ok<ExitCode>(0);
  });
}
