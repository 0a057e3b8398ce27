import { epochMs, type Failure } from "@open-multi-auth/domain";
import { describe, expect, it } from "vitest";
import { account, fakeStore, harness, ID } from "../test/support.ts";
import { parseCodexAuthFile } from "./auth-file/codex.ts";
import { parseOpenCodeAuthFile } from "./auth-file/opencode.ts";

const CANARY = "canary-7f3e9b";
const secret = {
  accessToken: `at.${CANARY}.x`,
  refreshToken: `rt_${CANARY}`,
  idToken: `id.${CANARY}`,
  expiresAt: epochMs(0),
};

/** Everything that someone could print of a failure. */
function printed(shown: Failure): string {
  const cause = shown.cause instanceof Error ? `${shown.cause.stack}` : shown.cause;
  return JSON.stringify({ ...shown, cause });
}

const body = {
  error: { code: CANARY, message: CANARY },
  access_token: [CANARY],
  refresh_token: "",
};

describe("failures", () => {
  it.each([
    ["a refused token", { status: 401, body: { error: { code: "refresh_token_reused", message: CANARY } } }],
    ["an error of unknown code", { status: 400, body }],
    ["an overload", { status: 503, body: CANARY }],
    ["no JSON", { status: 200, body: CANARY }],
    ["JSON without tokens", { status: 200, body }],
    [
      "a refresh token without an access token",
      { status: 200, body: { refresh_token: `rt_${CANARY}-2`, access_token: 1 } },
    ],
    ["a network error", new TypeError(CANARY, { cause: Object.assign(new Error(CANARY), { code: CANARY }) })],
  ])("AUT-08: hold no token and nothing of a body, for %s", async (_name, answer) => {
    const { tokens, problems } = harness([answer], { store: fakeStore(account(secret)) });
    const failed = (await tokens.ensureFresh(ID))._unsafeUnwrapErr();
    expect([failed, ...problems].map((each) => printed(each)).join("\n")).not.toContain(CANARY);
  });

  it.each([
    CANARY,
    `{"tokens": "${CANARY}"}`,
    `{"tokens": {"access_token": ["${CANARY}"], "refresh_token": "${CANARY}"}}`,
    `{"tokens": {"access_token": "${CANARY}\\n", "refresh_token": "${CANARY}"}}`,
    `{"tokens": {"access_token": "${CANARY}"}}`,
    `{"tokens": {"access_token": "${CANARY}", "refresh_token": "${CANARY}", "id_token": {"${CANARY}": 1}}}`,
    `{"OPENAI_API_KEY": "${CANARY}"}`,
    `{"openai": "${CANARY}"}`,
    `{"openai": {"type": "api", "key": "${CANARY}"}}`,
    `{"openai": {"refresh": "${CANARY}", "access": "open-multi-auth"}}`,
    `{"openai": {"refresh": "${CANARY}", "access": "${CANARY}", "expires": "${CANARY}"}}`,
  ])("AUT-08: hold no token of a file, for %j", (text) => {
    const failed = [parseCodexAuthFile(text), parseOpenCodeAuthFile(text)].flatMap((result) =>
      result.isErr() ? [printed(result.error)] : [],
    );
    expect(failed).not.toHaveLength(0);
    expect(failed.join("\n")).not.toContain(CANARY);
  });
});
