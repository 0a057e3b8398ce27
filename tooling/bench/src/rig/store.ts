import { openStore } from "@open-multi-auth/core-store/node";
import { accountId, epochMs, newAccount, parseAlias, type Account } from "@open-multi-auth/domain";
import { systemClock, systemRandom } from "@open-multi-auth/runtime-node";
import type { AccountView } from "@open-multi-auth/upstream-sim";
import { ok } from "neverthrow";

/** Writes a store with the simulator's accounts, as linking them would. */
export async function writeStore(folder: string, views: readonly AccountView[]): Promise<void> {
  const opened = await openStore({ folder, clock: systemClock, random: systemRandom });
  const store = orThrow(opened);
  const accounts = Object.fromEntries(views.map(accountOf).map((account) => [account.alias, account]));
  orThrow(await store.update((state) => ok({ ...state, accounts })));
  orThrow(await store.close());
}

function accountOf(view: AccountView, number: number): Account {
  const { tokens, email, userId, accountId: workspace, planType } = view;
  const id = accountId(`00000000-0000-4000-8000-${String(number).padStart(12, "0")}`);
  const alias = parseAlias(view.alias)._unsafeUnwrap();
  const linked = { ...tokens, expiresAt: epochMs(tokens.expiresAt), source: "codex" as const };
  const identity = { email, userId, accountId: workspace, planType };
  return newAccount(id, alias, { ...linked, ...identity }, epochMs(systemClock.now() + number));
}

function orThrow<T>(result: { isErr(): boolean; _unsafeUnwrap(): T; _unsafeUnwrapErr(): unknown }): T {
  if (result.isErr())
    throw new Error(`the store of the benchmark: ${JSON.stringify(result._unsafeUnwrapErr())}`);
  return result._unsafeUnwrap();
}
