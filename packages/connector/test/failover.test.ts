import { describe, expect, it } from "vitest";
import { read, stage } from "./harness.ts";
import { prompt } from "./kit.ts";

const { sessionId: _session, ...newConversation } = prompt("x");

describe("failover over HTTP", () => {
  it("CON-03: an account at its limit sleeps until its reset while another answers the same prompt", async () => {
    const { connector, sim, pool, asked, advance } = await stage(["a", "b"]);
    sim.drain("a", "fiveHour");

    const answer = await read((await connector.handle(prompt()))._unsafeUnwrap());
    expect(answer).toMatchObject({ status: 200, text: "b answered: hi" });
    expect(answer.types.filter((type) => type === "response.created")).toHaveLength(1);
    expect(asked()).toEqual(["a 429", "b 200"]);

    const asks = async (): Promise<readonly string[]> => {
      sim.clearLog();
      for (let round = 0; round < 4; round += 1)
        await read((await connector.handle(newConversation))._unsafeUnwrap());
      return asked();
    };
    advance((pool.account("a").rateLimitedUntil ?? 0) - Date.now() - 60_000);
    expect(await asks()).toEqual(["b 200", "b 200", "b 200", "b 200"]);
    advance(60_001);
    expect(await asks()).toContain("a 200");
  });

  it("CON-04: a refused token is refreshed once and the same account answers", async () => {
    const { connector, sim, pool, asked } = await stage(["a", "b"]);
    sim.expireAccessToken("a");
    expect(await read((await connector.handle(prompt()))._unsafeUnwrap())).toMatchObject({
      text: "a answered: hi",
    });
    expect(asked()).toEqual(["a 401", "a 200"]);
    expect(pool.account("a").authInvalid).toBeUndefined();
  });

  it("CON-04: still refused after the refresh, the credential is marked and another account answers", async () => {
    const { connector, sim, pool, asked } = await stage(["a", "b"]);
    sim.script("a", [{ kind: "token-expired", times: "always" }]);
    expect(await read((await connector.handle(prompt()))._unsafeUnwrap())).toMatchObject({
      text: "b answered: hi",
    });
    expect(asked()).toEqual(["a 401", "a 401", "b 200"]);
    expect(pool.account("a")).toMatchObject({
      authInvalid: true,
      authInvalidReason: "expired-refresh-failed",
    });
  });

  it("CON-04, FAI-01, FAI-02: a refresh token that is dead marks the account and the next usable one answers", async () => {
    const { connector, sim, pool, records, asked } = await stage(["a", "b", "c"]);
    sim.expireAccessToken("a");
    sim.script("a", [{ kind: "refresh-revoked" }], "token");
    pool.change("b", (account) => ({ ...account, refreshToken: "" }));
    expect(await read((await connector.handle(prompt()))._unsafeUnwrap())).toMatchObject({
      text: "c answered: hi",
    });
    expect(asked()).toEqual(["a 401", "c 200"]);
    expect(pool.account("a").authInvalid).toBe(true);
    expect(records[0]?.candidates).toMatchObject([
      { alias: "a", reason: "expired-refresh-failed" },
      { alias: "b", reason: "no-token" },
      { alias: "c", eligible: true },
    ]);
  });

  it("FAI-01: an account whose token has expired stays the one to answer when its refresh succeeds", async () => {
    const { connector, pool, asked, clock } = await stage(["a", "b"]);
    pool.change("a", (account) => ({ ...account, expiresAt: clock.now() }));
    await read((await connector.handle(prompt()))._unsafeUnwrap());
    expect(asked()).toEqual(["a 200"]);
  });

  it("CON-05: a deactivated workspace rests for the time that is set", async () => {
    const { connector, sim, pool, asked, clock } = await stage(["a", "b"], {
      settings: { workspaceRestMs: 90_000 },
    });
    sim.script("a", [{ kind: "deactivated-workspace" }]);
    const before = clock.now();
    await read((await connector.handle(prompt()))._unsafeUnwrap());
    expect(asked()).toEqual(["a 402", "b 200"]);
    const rest = (pool.account("a").workspaceDeactivatedUntil ?? 0) - before;
    expect(rest).toBeGreaterThanOrEqual(90_000);
    expect(rest).toBeLessThan(100_000);
  });

  it("CON-06: an account that may not use a model rests for that model only", async () => {
    const { connector, sim, asked } = await stage(["a", "b"]);
    sim.script("a", [{ kind: "model-unsupported", times: "always", models: ["gpt-5.5"] }]);
    for (let round = 0; round < 3; round += 1)
      await read((await connector.handle(newConversation))._unsafeUnwrap());
    expect(asked()).toEqual(["a 400", "b 200", "b 200", "b 200"]);

    sim.clearLog();
    const other = { ...newConversation, body: String(newConversation.body).replace("gpt-5.5", "gpt-5.4") };
    for (let round = 0; round < 2; round += 1) await read((await connector.handle(other))._unsafeUnwrap());
    expect(asked()).toContain("a 200");
  });

  it.each(["server-error", "overload", "reset", "html"] as const)(
    "CON-07: %s goes to another account",
    async (kind) => {
      const { connector, sim, pool } = await stage(["a", "b"]);
      sim.script("a", [{ kind }]);
      expect(await read((await connector.handle(prompt()))._unsafeUnwrap())).toMatchObject({
        text: "b answered: hi",
      });
      expect(pool.events.map(({ alias, event }) => `${alias} ${event.kind}`)).toEqual([
        "a transient",
        "b served",
      ]);
    },
  );

  it("CON-07: an upstream that never answers is given up in time, and another account answers", async () => {
    const { connector, sim } = await stage(["a", "b"], { deps: { limits: { headMs: 60, holdMs: 40 } } });
    sim.script("a", [{ kind: "hang" }]);
    expect(await read((await connector.handle(prompt()))._unsafeUnwrap())).toMatchObject({
      text: "b answered: hi",
    });
    await sim.waitForLog((entries) =>
      entries.some((entry) => entry.alias === "a" && entry.outcome === "aborted"),
    );
  });

  it("CON-01: sends the selected account's token and workspace to the upstream only, with the caller's own body", async () => {
    const { connector, sim } = await stage(["a", "b"]);
    const request = prompt();
    await read((await connector.handle(request))._unsafeUnwrap());
    const [entry] = sim.log();
    const { accessToken } = sim.tokensOf("a");
    expect(entry).toMatchObject({ alias: "a", accessToken, body: JSON.parse(String(request.body)) });
    expect(entry?.headers).toMatchObject({
      "chatgpt-account-id": sim.accounts()[0]?.accountId,
      "session-id": "ses_1",
    });
  });

  it("CON-01: a redirect is not followed and not shown", async () => {
    const elsewhere = await stage(["x"]);
    const { connector, sim, asked } = await stage(["a"]);
    sim.script("a", [
      { kind: "redirect", location: `${elsewhere.sim.backendUrl}/codex/responses`, times: "always" },
    ]);
    const error = (await connector.handle(prompt()))._unsafeUnwrapErr();
    expect(error).toMatchObject({ code: "ALL_ACCOUNTS_EXHAUSTED", details: { reasons: { a: "transient" } } });
    expect(asked()).toEqual(["a 302"]);
    expect(elsewhere.sim.log()).toEqual([]);
  });

  it("CON-19: encrypted reasoning of another account is dropped once, and the same account answers", async () => {
    const { connector, sim, asked } = await stage(["a", "b"]);
    const first = await (await connector.handle(prompt()))._unsafeUnwrap().text();
    const reasoning = /"item":(\{"type":"reasoning"[^}]*"encrypted_content":"g[^}]*\})/.exec(first)?.[1];
    const item: unknown = JSON.parse(reasoning ?? "");
    sim.drain("a", "fiveHour");
    sim.clearLog();
    const next = prompt("and now?", { input: [{ type: "message", role: "user", content: [] }, item] });
    expect(await read((await connector.handle(next))._unsafeUnwrap())).toMatchObject({
      text: "b answered: and now?",
    });
    expect(asked()).toEqual(["a 429", "b 400", "b 200"]);
    const body = JSON.stringify(sim.log().at(-1)?.body);
    expect(body).not.toContain("gAAAA");
    expect(body).toContain("and now?");
  });
});
