import { failure } from "@open-multi-auth/domain";
import { errAsync } from "neverthrow";
import { describe, expect, it } from "vitest";
import { prompt } from "../test/kit.ts";
import { scripted, type Move } from "../test/scripted.ts";

const refused = Object.assign(new TypeError("fetch failed"), { cause: { code: "ECONNREFUSED" } });
const timedOut = Object.assign(new TypeError("fetch failed"), {
  cause: { code: "ETIMEDOUT", syscall: "connect" },
});
const noRoute = Object.assign(new TypeError("fetch failed"), { cause: { code: "ENOTFOUND" } });
const usageLimit: Move = () =>
  Response.json({ error: { type: "usage_limit_reached", resets_in_seconds: 600 } }, { status: 429 });

describe("a refusal", () => {
  it("CON-09: fails at once when nothing is eligible, saying why for each account and when the first will be", async () => {
    const { connector, pool, sent, clock } = scripted({ a: [200], b: [200], c: [200] });
    const now = clock.now();
    const later = (ms: number) => (now + ms) as typeof now;
    pool.change("a", (account) => ({ ...account, enabled: false }));
    pool.change("b", (account) => ({ ...account, rateLimitedUntil: later(60_000) }));
    pool.change("c", (account) => ({ ...account, workspaceDeactivatedUntil: later(30_000) }));
    const error = (await connector.handle(prompt()))._unsafeUnwrapErr();
    expect(error).toMatchObject({
      code: "NO_ELIGIBLE_ACCOUNTS",
      details: {
        attempted: [],
        reasons: { a: "disabled", b: "cooling-down", c: "workspace-deactivated" },
        nextRetryAt: later(30_000),
      },
    });
    expect(sent).toEqual([]);
  });

  it("CON-16, FAI-06: exhausted, it names attempts, one reason each, the last status, the next try and who signs in", async () => {
    const { connector, pool, clock } = scripted({ a: [usageLimit], b: [402], c: [500], d: [200], e: [200] });
    pool.change("d", (account) => ({
      ...account,
      refreshToken: "",
      accessToken: "",
      expiresAt: clock.now(),
    }));
    pool.change("e", (account) => ({ ...account, enabled: false }));
    const error = (await connector.handle(prompt()))._unsafeUnwrapErr();
    expect(error).toMatchObject({
      code: "ALL_ACCOUNTS_EXHAUSTED",
      details: {
        attempted: ["a", "b", "c", "d"],
        reasons: {
          a: "quota-exhausted",
          b: "workspace-deactivated",
          c: "transient",
          d: "no-token",
          e: "disabled",
        },
        lastStatus: 500,
        reauthNeeded: ["d"],
      },
    });
    const { nextRetryAt } = error.details;
    expect(nextRetryAt).toBe(pool.account("c").health.rest?.until);
  });

  it("CON-22: without a name service or a route no account is penalised, and nothing else is tried", async () => {
    const { connector, pool, sent } = scripted({ a: [noRoute], b: [200] });
    const error = (await connector.handle(prompt()))._unsafeUnwrapErr();
    expect(error.code).toBe("HOST_OFFLINE");
    expect(sent).toEqual(["a"]);
    expect(pool.events).toEqual([]);
  });

  it("CON-22: when every account's connect fails alike no account is penalised", async () => {
    const { connector, pool, sent, records } = scripted({ a: [refused], b: [timedOut] });
    const error = (await connector.handle(prompt()))._unsafeUnwrapErr();
    expect(error.code).toBe("HOST_OFFLINE");
    expect(sent).toEqual(["a", "b"]);
    expect(pool.events).toEqual([]);
    expect(records[0]).toMatchObject({ outcome: "refused", selectedAlias: null });
  });

  it("counts a failed connect once another account gets an answer", async () => {
    const { connector, pool } = scripted({ a: [refused], b: [200] });
    await (await connector.handle(prompt()))._unsafeUnwrap().text();
    expect(pool.events.map(({ alias, event: { kind } }) => `${alias} ${kind}`)).toEqual([
      "a transient",
      "b served",
    ]);
  });

  it("CON-25: reads the pool once more before it refuses, and serves with what was repaired", async () => {
    const { connector, pool, sent } = scripted({ a: [200] });
    pool.change("a", (account) => ({ ...account, authInvalid: true }));
    pool.onReload = () => pool.change("a", (account) => ({ ...account, authInvalid: false }));
    expect((await connector.handle(prompt())).isOk()).toBe(true);
    expect(sent).toEqual(["a"]);
    expect(Object.keys(pool.affinity())).toEqual(["ses_1"]);
  });

  it("CON-13, CON-25: a conversation goes on with its own account after reading once more, and the record says so", async () => {
    const { connector, pool, sent, records } = scripted({ a: [usageLimit], b: [200] });
    await (await connector.handle(prompt()))._unsafeUnwrap().text();
    const enable = (enabled: boolean): void => {
      for (const alias of ["a", "b"])
        pool.change(alias, ({ rateLimitedUntil: _over, ...account }) => ({ ...account, enabled }));
    };
    enable(false);
    pool.onReload = () => enable(true);
    await (await connector.handle(prompt()))._unsafeUnwrap().text();
    expect(sent).toEqual(["a", "b", "b"]);
    expect(records[1]).toMatchObject({ why: "affinity", enabledState: { enabled: 2, disabled: 0 } });
  });

  it("CON-25: an account that met its limit in this request is not sent to again after reading once more", async () => {
    const { connector, pool, sent, clock } = scripted({ a: [usageLimit] });
    pool.onReload = () => pool.change("a", (account) => ({ ...account, rateLimitedUntil: clock.now() }));
    expect((await connector.handle(prompt())).isErr()).toBe(true);
    expect(sent).toEqual(["a"]);
  });

  it.each([
    ["REFRESH_TOKEN_REJECTED", {}, "ALL_ACCOUNTS_EXHAUSTED", "expired-refresh-failed", "auth-invalid"],
    ["NO_TOKEN", { why: "no-refresh-token" }, "ALL_ACCOUNTS_EXHAUSTED", "no-token", "auth-invalid"],
    ["NO_TOKEN", { why: "store-unreadable" }, "ALL_ACCOUNTS_EXHAUSTED", "no-token", "token-unavailable"],
    [
      "TOKEN_ENDPOINT_UNREACHABLE",
      { status: 503 },
      "ALL_ACCOUNTS_EXHAUSTED",
      "expired-refresh-failed",
      "token-unavailable",
    ],
    ["REFRESH_LEASE_TIMEOUT", {}, "ALL_ACCOUNTS_EXHAUSTED", "expired-refresh-failed", "token-unavailable"],
    [
      "TOKEN_ENDPOINT_UNREACHABLE",
      { errorCode: "ECONNREFUSED" },
      "ALL_ACCOUNTS_EXHAUSTED",
      "expired-refresh-failed",
      "token-unavailable",
    ],
    [
      "TOKEN_ENDPOINT_UNREACHABLE",
      { errorCode: "ENOTFOUND" },
      "HOST_OFFLINE",
      "expired-refresh-failed",
      undefined,
    ],
  ] as const)(
    "FAI-01: %s %j gives %s, %s and marks with %s",
    async (code, details, refusedWith, reason, mark) => {
      const ensureFresh = () => errAsync(failure(code, "no token", details));
      const { connector, pool, sent } = scripted({ a: [200] }, { deps: { tokens: { ensureFresh } } });
      const error = (await connector.handle(prompt()))._unsafeUnwrapErr();
      expect(error).toMatchObject({
        code: refusedWith,
        details: { attempted: ["a"], reasons: { a: reason } },
      });
      expect(pool.events.map(({ event: { kind } }) => kind)).toEqual(mark === undefined ? [] : [mark]);
      expect(sent).toEqual([]);
    },
  );
});
