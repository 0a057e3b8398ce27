import { epochMs } from "@open-multi-auth/domain";
import { describe, expect, it } from "vitest";
import { accessToken, authFile, START } from "../../test/support.ts";
import { parseCodexAuthFile } from "./codex.ts";
import { parseOpenCodeAuthFile } from "./opencode.ts";

const identity = {
  accountId: "workspace-1",
  userId: "user-1",
  accountUserId: "user-1__workspace-1",
  planType: "plus",
};
const access = accessToken("a", 600);
const expiresAt = epochMs(START + 600_000);
const codex = (value: unknown) => parseCodexAuthFile(JSON.stringify(value));
const openCode = (value: unknown) => parseOpenCodeAuthFile(JSON.stringify(value));

describe("parseCodexAuthFile", () => {
  it.each(["codex-chatgpt", "codex-chatgpt-legacy"])("AUT-03: reads the recorded file %s", (name) => {
    const [recorded] = parseCodexAuthFile(authFile(name))._unsafeUnwrap();
    expect(recorded).toMatchObject({
      source: "codex",
      email: "fake.user@example.test",
      planType: "plus",
      userId: "user-FAKE0001",
      accountId: "00000000-0000-4000-8000-0000000000aa",
      accountUserId: "user-FAKE0001__00000000-0000-4000-8000-0000000000aa",
      accessToken: expect.stringMatching(/^eyJ/),
      idToken: expect.stringMatching(/^eyJ/),
      refreshToken: "rt_FAKE_A",
      expiresAt: 1_999_999_999_000,
      lastRefresh: "2026-11-21T10:02:11.700Z",
    });
  });

  it("AUT-03: says that the recorded file of an API key holds no login", () => {
    expect(parseCodexAuthFile(authFile("codex-apikey"))._unsafeUnwrapErr()).toStrictEqual({
      code: "AUTH_FILE_WITHOUT_LOGIN",
      message: "the Codex CLI's auth file holds an API key, which has no ChatGPT account to link",
      details: {
        field: "OPENAI_API_KEY",
        why: "api-key",
        fix: "sign in with `codex login` (ChatGPT account), then import again",
      },
    });
  });

  const login = {
    source: "codex",
    ...identity,
    accessToken: access,
    refreshToken: "rt_1",
    idToken: "no JWT",
    expiresAt,
  };

  it.each([
    ["of today", { tokens: { access_token: access, refresh_token: "rt_1", id_token: "no JWT" } }],
    [
      "in camel case",
      { tokens: { accessToken: access, refreshToken: "rt_1", idToken: "no JWT", accountId: "x" } },
    ],
    ["in short names", { tokens: { access, refresh: "rt_1", id: "no JWT" } }],
    ["at top level", { access_token: access, refresh_token: "rt_1", id_token: "no JWT" }],
    ["at top level beside null", { tokens: null, access, refresh: "rt_1", id: "no JWT" }],
    ["beside an API key", { OPENAI_API_KEY: "sk-x", tokens: { access, refresh: "rt_1", id: "no JWT" } }],
  ])("AUT-03: reads tokens %s", (_name, file) => {
    expect(codex(file)._unsafeUnwrap()).toStrictEqual([login]);
  });

  it.each(["last_refresh", "lastRefresh"])("AUT-03: reads %s", (name) => {
    const file = { tokens: { access, refresh: "rt_1" }, [name]: "2026-11-21T10:02:11.700Z" };
    expect(codex(file)._unsafeUnwrap()[0]?.lastRefresh).toBe("2026-11-21T10:02:11.700Z");
  });

  it("takes the workspace of the file where the tokens name none, and refreshes such tokens before use", () => {
    const file = { tokens: { access_token: "opaque", refresh_token: "rt_1", account_id: "workspace-9" } };
    expect(codex(file)._unsafeUnwrap()).toStrictEqual([
      {
        source: "codex",
        accountId: "workspace-9",
        accessToken: "opaque",
        refreshToken: "rt_1",
        expiresAt: 0,
      },
    ]);
  });

  it("takes a login that has only its refresh token", () => {
    const file = { tokens: { access_token: null, refresh_token: "rt_1" } };
    expect(codex(file)._unsafeUnwrap()).toStrictEqual([
      { source: "codex", accessToken: "", refreshToken: "rt_1", expiresAt: 0 },
    ]);
  });

  it.each([
    ["tokens that are no object", { tokens: "sk-canary" }, "tokens"],
    ["a number for a token", { tokens: { access_token: 5, refresh_token: "rt_1" } }, "tokens.access_token"],
    ["an object for a token", { tokens: { refreshToken: {}, access } }, "tokens.refreshToken"],
    ["no refresh token", { tokens: { access_token: access } }, "tokens.refresh_token"],
    ["an empty refresh token at top level", { access, refresh: "" }, "refresh"],
    ["a list for the id token", { tokens: { access, refresh: "rt_1", id_token: [] } }, "tokens.id_token"],
    [
      "a number for the account id",
      { tokens: { access, refresh: "rt_1", account_id: 7 } },
      "tokens.account_id",
    ],
    ["a number for the date", { tokens: { access, refresh: "rt_1" }, last_refresh: 7 }, "last_refresh"],
    ["a line break in the token", { tokens: { access: "a\nb", refresh: "rt_1" } }, "tokens.access"],
  ])("AUT-03: names field and fix for %s", (_name, file, field) => {
    const { code, message, details } = codex(file)._unsafeUnwrapErr();
    expect(code).toBe("AUTH_FILE_INVALID");
    expect(details).toMatchObject({ field, fix: expect.stringContaining("codex login") });
    expect(message).toContain(field);
  });

  it.each(["", "{", "[]", "null", '"text"', "\u0000"])("AUT-03: says that %j is no JSON object", (text) => {
    expect(parseCodexAuthFile(text, "/home/x/auth.json")._unsafeUnwrapErr()).toStrictEqual({
      code: "AUTH_FILE_INVALID",
      message: "/home/x/auth.json: must be a JSON object",
      details: {
        field: "",
        constraint: "a JSON object",
        path: "/home/x/auth.json",
        fix: "sign in with `codex login` (ChatGPT account), then import again",
      },
    });
  });

  it.each([
    [{ auth_mode: "apikey", OPENAI_API_KEY: "sk-x" }, "api-key"],
    [{ OPENAI_API_KEY: "sk-x", tokens: null }, "api-key"],
    [{ OPENAI_API_KEY: null, tokens: {} }, "signed-out"],
    [{}, "signed-out"],
  ])("AUT-03: says why %j holds no login", (file, why) => {
    const failed = codex(file)._unsafeUnwrapErr();
    expect(failed).toMatchObject({ code: "AUTH_FILE_WITHOUT_LOGIN", details: { why } });
  });
});

describe("parseOpenCodeAuthFile", () => {
  it("AUT-03: reads the entry openai, whatever else is there", () => {
    const openai = { type: "oauth", refresh: "rt_1", access, expires: 5, accountId: "x" };
    expect(openCode({ anthropic: 7, openai })._unsafeUnwrap()).toStrictEqual([
      { source: "opencode", ...identity, accessToken: access, refreshToken: "rt_1", expiresAt },
    ]);
  });

  it("takes the end and the workspace of the file where the token tells none", () => {
    const openai = { type: "oauth", refresh: "rt_1", access: "opaque", expires: 12_345, accountId: "w" };
    expect(openCode({ openai })._unsafeUnwrap()).toMatchObject([{ accountId: "w", expiresAt: 12_345 }]);
  });

  it.each([
    [
      "our own placeholder",
      { openai: { type: "oauth", refresh: "x", access: "open-multi-auth" } },
      "placeholder",
    ],
    ["an API key", { openai: { type: "api", key: "sk-x" } }, "api-key"],
    ["other providers only", { anthropic: { type: "oauth", refresh: "r", access: "a" } }, "signed-out"],
    ["an empty login", { openai: { type: "oauth", refresh: "", access: "", expires: 0 } }, "signed-out"],
  ])("AUT-03: finds no login in %s", (_name, file, why) => {
    const failed = openCode(file)._unsafeUnwrapErr();
    expect(failed).toMatchObject({ code: "AUTH_FILE_WITHOUT_LOGIN", details: { why } });
  });

  it.each([
    ["an entry that is no object", { openai: "sk-canary" }, "openai"],
    ["a text for the end", { openai: { refresh: "rt_1", access, expires: "soon" } }, "openai.expires"],
    ["a missing refresh token", { openai: { access, expires: 5 } }, "openai.refresh"],
  ])("AUT-03: names field and fix for %s", (_name, file, field) => {
    const { code, details } = openCode(file)._unsafeUnwrapErr();
    expect(code).toBe("AUTH_FILE_INVALID");
    expect(details).toMatchObject({ field, fix: expect.stringContaining("opencode auth login") });
  });
});
