import { epochMs } from "@open-multi-auth/domain";
import { describe, expect, it } from "vitest";
import { accessToken, endpoint, ID, ISSUER, jwt, movableClock, recorded, START } from "../test/support.ts";
import type { Answer } from "../test/support.ts";
import { fingerprint } from "./fingerprint.ts";
import { refreshTokenSet } from "./token-endpoint.ts";

const HOUR = 3_600_000;

function exchange(answer: Answer | Error, issuerUrl = ISSUER) {
  const server = endpoint(answer);
  const request = { accountId: ID, refreshToken: "rt_sent_00000001", issuerUrl };
  const result = refreshTokenSet(request, { fetch: server.fetch, clock: movableClock() });
  return { result, exchanges: server.exchanges };
}

const granted = (body: unknown): Answer => ({ status: 200, body });

describe("refreshTokenSet", () => {
  it("sends the refresh grant as the upstream's own client does, and waits a minute for the answer", async () => {
    const { result, exchanges } = exchange(granted({ access_token: "a" }));
    await result;
    const [sent] = exchanges;
    expect(sent?.url).toBe("https://auth.openai.com/oauth/token");
    expect(sent?.request).toMatchObject({ method: "POST", timeoutMs: 60_000 });
    expect(sent?.request.headers).toMatchObject({ "content-type": "application/json" });
    expect(JSON.parse(sent?.request.body ?? "")).toStrictEqual({
      client_id: "app_EMoamEEZ73f0CkXaXp7hrann",
      grant_type: "refresh_token",
      refresh_token: "rt_sent_00000001",
    });
  });

  it.each([
    ["the token's own claim", { access_token: accessToken("a", 500), expires_in: 9 }, 500_000],
    ["expires_in", { access_token: "opaque", expires_in: 900 }, 900_000],
    ["expires_in as a text", { access_token: "opaque", expires_in: "900" }, 900_000],
    ["one hour, where nothing tells", { access_token: "opaque" }, HOUR],
    ["one hour, where expires_in is nonsense", { access_token: jwt({}), expires_in: -5 }, HOUR],
    ["one hour, where expires_in is beyond all numbers", { access_token: "opaque", expires_in: 1e308 }, HOUR],
    ["one hour, where expires_in is no number", { access_token: "opaque", expires_in: { a: 1 } }, HOUR],
  ])("takes the access token's end from %s", async (_name, body, lifeMs) => {
    const tokens = (await exchange(granted(body)).result)._unsafeUnwrap();
    expect(tokens.expiresAt).toBe(epochMs(START + lifeMs));
  });

  it("wants neither token_type nor id_token nor a new refresh token", async () => {
    const tokens = (await exchange(granted({ access_token: accessToken("a", 500) })).result)._unsafeUnwrap();
    expect(tokens).toStrictEqual({
      accessToken: accessToken("a", 500),
      expiresAt: START + 500_000,
      status: 200,
    });
  });

  it.each([
    ["missing", {}],
    ["a number", { access_token: 5 }],
    ["unfit for a header", { access_token: "a\r\nx: y" }],
  ])("AUT-04: keeps a returned refresh token when the access token is %s", async (_name, rest) => {
    const tokens = (await exchange(granted({ refresh_token: "rt_new", ...rest })).result)._unsafeUnwrap();
    expect(tokens).toMatchObject({ refreshToken: "rt_new" });
    expect(tokens).not.toHaveProperty("accessToken");
  });

  it.each([
    ["refresh-token-reused", "reused"],
    ["refresh-token-invalidated", "revoked"],
    ["refresh-token-expired", "expired"],
    ["invalid-grant", "malformed"],
  ])("takes %s for a dead refresh token: %s", async (name, reason) => {
    expect((await exchange(recorded(name)).result)._unsafeUnwrapErr()).toMatchObject({
      code: "REFRESH_TOKEN_REJECTED",
      details: { accountId: ID, reason, fingerprint: fingerprint("rt_sent_00000001") },
    });
  });

  it.each([
    ["an overload", { status: 503, body: "" }],
    ["a dead-token code under a 500", { status: 500, body: { error: "invalid_grant" } }],
    ["a gateway's page", { status: 502, body: "<html>" }],
    ["a burst limit", { status: 429, body: {} }],
    ["a request timeout", { status: 408, body: {} }],
  ])("takes %s for passing", async (_name, answer) => {
    expect((await exchange(answer).result)._unsafeUnwrapErr()).toMatchObject({
      code: "TOKEN_ENDPOINT_UNREACHABLE",
      details: { tokenEndpoint: "https://auth.openai.com/oauth/token", status: answer.status },
    });
  });

  it.each([
    ["a timeout", Object.assign(new Error("x"), { name: "TimeoutError" }), "TimeoutError"],
    [
      "a refused connection",
      new TypeError("x", { cause: Object.assign(new Error("y"), { code: "ECONNREFUSED" }) }),
      "ECONNREFUSED",
    ],
    ["an odd code", Object.assign(new Error("x"), { code: "secret 12" }), undefined],
  ])("names the kind of %s", async (_name, thrown, errorCode) => {
    const failed = (await exchange(thrown).result)._unsafeUnwrapErr();
    expect(failed).toMatchObject({ code: "TOKEN_ENDPOINT_UNREACHABLE" });
    expect(failed.details).toStrictEqual({
      accountId: ID,
      tokenEndpoint: "https://auth.openai.com/oauth/token",
      ...(errorCode !== undefined && { errorCode }),
    });
  });

  it.each([
    ["no JSON", { status: 200, body: "hello" }],
    ["JSON that is no object", { status: 200, body: [] }],
    ["no token", { status: 200, body: { token_type: "Bearer" } }],
    ["empty tokens", { status: 200, body: { access_token: "", refresh_token: "" } }],
    ["a redirect", { status: 302, body: "" }],
    ["another refusal of the client", { status: 400, body: { error: "invalid_request" } }],
    ["an unknown 401", { status: 401, body: { error: { code: "constructor" } } }],
  ])("takes %s for an invalid answer, not for a dead token", async (_name, answer) => {
    expect((await exchange(answer).result)._unsafeUnwrapErr()).toMatchObject({
      code: "TOKEN_RESPONSE_INVALID",
      details: { accountId: ID, status: answer.status },
    });
  });

  it("names the token endpoint without credentials of its address", async () => {
    const { result } = exchange(new Error("x"), "https://user:secret@issuer.test/base");
    expect((await result)._unsafeUnwrapErr().details).toMatchObject({
      tokenEndpoint: "https://issuer.test/base/oauth/token",
    });
  });
});
