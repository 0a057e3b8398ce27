import { epochMs, failure, type AccountId, type Failure } from "@open-multi-auth/domain";
import { err, ok, ResultAsync, type Result } from "neverthrow";
import type { AccessToken, TokenSource } from "../src/index.ts";
import type { MemoryPool } from "./memory-pool.ts";

/** A token source over a real token endpoint; refused and expired tokens are refreshed. */
export function createTokenClient(pool: MemoryPool, issuerUrl: string): TokenSource {
  const refused = new Set<string>();

  async function ensureFresh(id: AccountId, rejected?: string): Promise<Result<AccessToken, Failure>> {
    if (rejected !== undefined) refused.add(rejected);
    const account = pool.snapshot().state.accounts.find((one) => one.id === id);
    if (account === undefined || account.refreshToken === "")
      return err(failure("NO_TOKEN", "there is no token", { why: "no-refresh-token" }));
    const { alias } = account;
    const isAlive = account.expiresAt > Date.now() && !refused.has(account.accessToken);
    return isAlive ? ok(tokenOf(pool, alias)) : refresh(alias, account.refreshToken);
  }

  async function refresh(alias: string, refreshToken: string): Promise<Result<AccessToken, Failure>> {
    const response = await fetch(`${issuerUrl}/oauth/token`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({
        client_id: "app_test",
        grant_type: "refresh_token",
        refresh_token: refreshToken,
      }),
    });
    if (!response.ok) return err(failure("REFRESH_TOKEN_REJECTED", "the refresh token is dead", {}));
    const renewed = parseRenewed(await response.text());
    pool.change(alias, (account) => ({
      ...account,
      accessToken: renewed.access_token,
      refreshToken: renewed.refresh_token,
      expiresAt: epochMs(Date.now() + 3_600_000),
    }));
    return ok(tokenOf(pool, alias));
  }

  return { ensureFresh: (id, options) => new ResultAsync(ensureFresh(id, options?.rejected)) };
}

// The token serves as its own fingerprint.
function tokenOf(pool: MemoryPool, alias: string): AccessToken {
  const { accessToken, accountId } = pool.account(alias);
  const workspace = accountId === undefined ? {} : { upstreamAccountId: accountId };
  return { accessToken, fingerprint: accessToken, ...workspace };
}

function parseRenewed(text: string): { access_token: string; refresh_token: string } {
  const renewed: { access_token: string; refresh_token: string } = JSON.parse(text);
  return renewed;
}
