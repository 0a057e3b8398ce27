import { accountId, epochMs, newAccount, parseAlias, type Account } from "@open-multi-auth/domain";
import { openPool } from "@open-multi-auth/runtime-node";
import type { UpstreamSim } from "@open-multi-auth/upstream-sim";
import { ok } from "neverthrow";

/**
 * Signs every simulated account in, anew where it is linked already: the simulator forgets logins when it ends.
 *
 * @param how `anew`: what was held against an account is forgotten too, as when a person removes it and links it again
 */
export async function linkAll(
  sim: UpstreamSim,
  env: Readonly<Record<string, string>>,
  at: number,
  how: "again" | "anew" = "again",
): Promise<void> {
  const now = epochMs(at);
  const pool = (await openPool({ env, clock: { now: () => now } }))._unsafeUnwrap();
  for (const { alias: name, accountId: workspace } of sim.accounts()) {
    const { accessToken, refreshToken, expiresAt } = sim.tokensOf(name);
    const tokens = { accessToken, refreshToken, expiresAt: epochMs(expiresAt), accountId: workspace };
    const alias = parseAlias(name)._unsafeUnwrap();
    const added = newAccount(accountId(`soak-${name}`), alias, { ...tokens, source: "import" }, now);
    const signedIn = (known: Account | undefined): Account =>
      known === undefined || how === "anew" ? added : { ...known, ...tokens, authInvalid: false };
    (
      await pool.store.update((store) =>
        ok({ ...store, accounts: { ...store.accounts, [alias]: signedIn(store.accounts[alias]) } }),
      )
    )._unsafeUnwrap();
  }
  (await pool.close())._unsafeUnwrap();
}
