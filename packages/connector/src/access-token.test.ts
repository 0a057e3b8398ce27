import { failure, type Failure } from "@open-multi-auth/domain";
import { errAsync, okAsync, ResultAsync } from "neverthrow";
import { describe, expect, it } from "vitest";
import { prompt } from "../test/kit.ts";
import { scripted } from "../test/scripted.ts";
import type { AccessToken, TokenSource } from "./ports.ts";

describe("an access token for an attempt", () => {
  it("CON-08: with the token endpoint down every account is asked once, and rests", async () => {
    const asked: string[] = [];
    const down = failure("TOKEN_ENDPOINT_UNREACHABLE", "no answer", { errorCode: "ECONNREFUSED" });
    const tokens: TokenSource = {
      ensureFresh(id) {
        asked.push(id);
        return errAsync(down);
      },
    };
    const { connector, pool, sent } = scripted({ a: [200], b: [200], c: [200] }, { deps: { tokens } });
    // Nothing that was noted holds against reading the pool once more: the credentials are the same.
    pool.record = ({ accountId, event }) => void pool.events.push({ alias: accountId, event });
    const error = (await connector.handle(prompt()))._unsafeUnwrapErr();
    expect(error.code).toBe("ALL_ACCOUNTS_EXHAUSTED");
    expect(asked).toEqual(["id-a", "id-b", "id-c"]);
    expect(pool.events.map(({ event }) => event.kind)).toEqual(Array(3).fill("token-unavailable"));
    expect(sent).toEqual([]);
  });

  it.each([
    ["REFRESH_UNDER_WAY", 5_000],
    ["TOKEN_ENDPOINT_UNREACHABLE", 60_000],
  ])("AUT-04: after %s the account rests for %i ms, and another one serves", async (code, restMs) => {
    const tokens: TokenSource = {
      ensureFresh: (id) =>
        id === "id-a"
          ? errAsync<AccessToken, Failure>(failure(code, "no token", {}))
          : okAsync(token("at-b")),
    };
    const { connector, pool, sent } = scripted({ a: [200], b: [200] }, { deps: { tokens } });
    expect((await connector.handle(prompt())).isOk()).toBe(true);
    expect(sent).toEqual(["b"]);
    expect(pool.events[0]?.event).toEqual({ kind: "token-unavailable", restMs });
  });

  it("CON-25: an account that was signed in again meanwhile is asked once more", async () => {
    const dead = failure("REFRESH_TOKEN_REJECTED", "dead", {});
    let isDead = true;
    const tokens: TokenSource = {
      ensureFresh: () => (isDead ? errAsync<AccessToken, Failure>(dead) : okAsync(token("at-a"))),
    };
    const { connector, pool, sent } = scripted({ a: [200] }, { deps: { tokens } });
    pool.onReload = () => {
      isDead = false;
      pool.change("a", (account) => ({ ...account, refreshToken: "fresh", authInvalid: false }));
    };
    expect((await connector.handle(prompt())).isOk()).toBe(true);
    expect(sent).toEqual(["a"]);
  });

  it("CON-11: a client that goes away during a refresh does not wait for it", async () => {
    const controller = new AbortController();
    let asked: () => void;
    const isAsked = new Promise<void>((resolve) => (asked = resolve));
    const never = new ResultAsync<AccessToken, Failure>(new Promise(() => {}));
    const tokens: TokenSource = {
      ensureFresh() {
        asked();
        return never;
      },
    };
    const { connector, pool, records } = scripted({ a: [200] }, { deps: { tokens } });
    const handled = connector.handle(prompt("hi", { signal: controller.signal }));
    await isAsked;
    controller.abort();
    expect((await handled)._unsafeUnwrapErr().code).toBe("REQUEST_ABORTED");
    expect(pool.events).toEqual([]);
    expect(records[0]?.outcome).toBe("aborted");
  });

  it("FAI-01: a token that no header can hold is renewed once", async () => {
    const tokens: TokenSource = {
      ensureFresh: (_id, { rejected } = {}) => okAsync(token(rejected === undefined ? "at-\na" : "at-a")),
    };
    const { connector, sent } = scripted({ a: [200] }, { deps: { tokens } });
    expect((await connector.handle(prompt())).isOk()).toBe(true);
    expect(sent).toEqual(["a"]);
  });

  it.each(["at-\na", "at-\u00e4", ""])("FAI-01: without a better one, %j is no token", async (malformed) => {
    const tokens: TokenSource = { ensureFresh: () => okAsync(token(malformed)) };
    const { connector, pool, sent } = scripted({ a: [200] }, { deps: { tokens } });
    const error = (await connector.handle(prompt()))._unsafeUnwrapErr();
    expect(error.details.reasons).toEqual({ a: "no-token" });
    expect(pool.account("a")).toMatchObject({ authInvalid: true, authInvalidReason: "no-token" });
    expect(sent).toEqual([]);
  });
});

const token = (accessToken: string): AccessToken => ({ accessToken, fingerprint: accessToken });
