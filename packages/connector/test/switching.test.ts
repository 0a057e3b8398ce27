import { describe, expect, it } from "vitest";
import { read, stage } from "./harness.ts";
import { prompt } from "./kit.ts";

describe("a switch to another account", () => {
  it("FAI-07: that cannot be saved is not fatal: the other account answers", async () => {
    const { connector, sim, pool, asked } = await stage(["a", "b"]);
    sim.drain("a", "fiveHour");
    pool.place = () => {
      throw new Error("disk full");
    };
    expect(await read((await connector.handle(prompt()))._unsafeUnwrap())).toMatchObject({
      status: 200,
      text: "b answered: hi",
    });
    expect(asked()).toEqual(["a 429", "b 200"]);
  });

  it("FAI-07: is not made by a request that was called off, however well the refresh ends that it waited for", async () => {
    const { connector, sim, pool, asked, clock } = await stage(["a", "b", "c"]);
    await read((await connector.handle(prompt()))._unsafeUnwrap());
    sim.clearLog();
    sim.drain("a", "fiveHour");
    pool.change("b", (account) => ({ ...account, expiresAt: clock.now() }));
    const client = new AbortController();
    // The token endpoint has answered: the client goes away the moment before the new token is taken.
    const { change } = pool;
    const changeAndAbort: typeof change = (alias, how) => {
      change(alias, how);
      client.abort();
    };
    Object.assign(pool, { change: changeAndAbort });
    const error = (await connector.handle({ ...prompt(), signal: client.signal }))._unsafeUnwrapErr();
    expect(error.code).toBe("REQUEST_ABORTED");
    expect(asked()).toEqual(["a 429"]);
    expect(pool.affinity()["ses_1"]?.accountId).toBe(pool.account("a").id);
    expect(pool.account("b").accessToken).toBe(sim.tokensOf("b").accessToken);
    expect(pool.events.filter(({ alias }) => alias === "b")).toEqual([]);
  });

  it("FAI-07: is not made by a sign-in that comes after the refusal; the next request takes it", async () => {
    const { connector, sim, pool, asked } = await stage(["a"]);
    sim.expireAccessToken("a");
    sim.script("a", [{ kind: "refresh-revoked" }], "token");
    const error = (await connector.handle(prompt()))._unsafeUnwrapErr();
    expect(error.details).toMatchObject({ reasons: { a: "expired-refresh-failed" }, reauthNeeded: ["a"] });
    const bound = pool.affinity();

    const fresh = await signIn(sim.issuerUrl, sim.tokensOf("a").refreshToken);
    pool.change("a", ({ authInvalid: _dead, ...account }) => ({ ...account, ...fresh }));
    expect(asked()).toEqual(["a 401"]);
    expect(pool.affinity()).toEqual(bound);
    expect(await read((await connector.handle(prompt()))._unsafeUnwrap())).toMatchObject({ status: 200 });
  });

  it("FAI-07: is not made to an account whose refused token is just what it has after reading once more", async () => {
    const { connector, sim, pool, asked } = await stage(["a", "b"]);
    pool.change("a", (account) => ({ ...account, enabled: false }));
    sim.expireAccessToken("b");
    sim.script("b", [{ kind: "refresh-revoked", times: "always" }], "token");
    pool.onReload = () => pool.change("b", ({ authInvalid: _dead, ...account }) => account);
    const error = (await connector.handle(prompt()))._unsafeUnwrapErr();
    expect(asked()).toEqual(["b 401"]);
    expect(error.details.reasons).toEqual({ a: "disabled", b: "expired-refresh-failed" });
  });
});

describe("a request that nobody can help at once", () => {
  it("FAI-03: does not wait for anybody: it is refused with who must sign in again, the first that failed ahead", async () => {
    const { connector, sim, pool } = await stage(["a", "b", "c"]);
    pool.change("a", (account) => ({ ...account, authInvalid: true, authInvalidReason: "no-token" }));
    pool.change("b", (account) => ({ ...account, refreshToken: "" }));
    sim.expireAccessToken("c");
    sim.script("c", [{ kind: "refresh-revoked" }], "token");
    const error = (await connector.handle(prompt()))._unsafeUnwrapErr();
    expect(error.details).toMatchObject({
      reasons: { a: "no-token", b: "no-token", c: "expired-refresh-failed" },
      reauthNeeded: ["b", "c", "a"],
    });
  });
});

/** Tokens as a sign-in gives them. */
async function signIn(
  issuerUrl: string,
  refreshToken: string,
): Promise<{ accessToken: string; refreshToken: string }> {
  const body = JSON.stringify({ client_id: "app", grant_type: "refresh_token", refresh_token: refreshToken });
  const headers = { "content-type": "application/json" };
  const answer = await fetch(`${issuerUrl}/oauth/token`, { method: "POST", headers, body });
  const tokens: { access_token: string; refresh_token: string } = JSON.parse(await answer.text());
  return { accessToken: tokens.access_token, refreshToken: tokens.refresh_token };
}
