import { randomUUID } from "node:crypto";
import { identityOf } from "@open-multi-auth/auth-oauth";
import {
  accountId,
  after,
  epochMs,
  linkAccount,
  parseAlias,
  type EpochMs,
  type StoreV2,
} from "@open-multi-auth/domain";
import { systemClock, type Pool } from "@open-multi-auth/runtime-node";
import type { UpstreamSim } from "@open-multi-auth/upstream-sim";
import type { Result } from "neverthrow";

/** Links every account of the simulator under its own name. */
export async function linkAccounts(pool: Pool, sim: UpstreamSim): Promise<void> {
  const now = systemClock.now();
  for (const [index, { alias }] of sim.accounts().entries()) {
    // Apart in time, since accounts take turns in the order of linking.
    const linked = await pool.store.update((store) => link(store, alias, sim, after(now, index)));
    if (linked.isErr()) throw new Error(linked.error.message);
  }
}

function link(store: StoreV2, name: string, sim: UpstreamSim, now: EpochMs): Result<StoreV2, Error> {
  const { accessToken, refreshToken, expiresAt } = sim.tokensOf(name);
  const { expiresAt: _expiry, ...identity } = identityOf({ accessToken });
  const login = {
    accessToken,
    refreshToken,
    expiresAt: epochMs(expiresAt),
    source: "import" as const,
    ...identity,
  };
  return parseAlias(name)
    .andThen((alias) =>
      linkAccount(store, {
        login,
        alias,
        id: accountId(randomUUID()),
        same: () => false,
        now,
      }),
    )
    .map((linked) => linked.store)
    .mapErr((error) => new Error(error.message));
}
