import { describe, expect, it } from "vitest";
import { accountProfile } from "./account.ts";
import { ownsAllReasoning, sealReasoning } from "./reasoning.ts";
import { mintTokenSet } from "./tokens.ts";

const now = 1_800_000_000_500;
const work = accountProfile({ alias: "work", planType: "pro", accessTokenTtlMs: 3_600_000 }, 1);
const home = accountProfile({ alias: "home" }, 2);

describe("mintTokenSet", () => {
  it("puts identity and expiry into the claims that clients read", () => {
    const tokens = mintTokenSet(work, "s1", now);
    const auth = {
      chatgpt_account_id: work.accountId,
      chatgpt_user_id: work.userId,
      chatgpt_plan_type: "pro",
    };
    expect(claimsOf(tokens.accessToken)).toMatchObject({
      exp: 1_800_003_600,
      "https://api.openai.com/auth": auth,
      "https://api.openai.com/profile": { email: "work@example.test" },
    });
    expect(claimsOf(tokens.idToken)).toMatchObject({
      email: "work@example.test",
      "https://api.openai.com/auth": auth,
    });
    expect(tokens.expiresAt).toBe(1_800_003_600_000);
  });

  it("makes a different set for each serial", () => {
    const first = mintTokenSet(work, "s1", now);
    const second = mintTokenSet(work, "s2", now);
    expect(second.accessToken).not.toBe(first.accessToken);
    expect(second.refreshToken).not.toBe(first.refreshToken);
  });
});

describe("ownsAllReasoning", () => {
  it("accepts reasoning sealed for this account and refuses any other", () => {
    expect(ownsAllReasoning(work, bodyWith(sealReasoning(work, "1"), sealReasoning(work, "2")))).toBe(true);
    expect(ownsAllReasoning(work, bodyWith(sealReasoning(work, "1"), sealReasoning(home, "2")))).toBe(false);
    expect(ownsAllReasoning(work, bodyWith("gAAAA made up"))).toBe(false);
  });

  it("tells apart two users of one workspace", () => {
    const colleague = { ...work, userId: "user-other" };
    expect(ownsAllReasoning(colleague, bodyWith(sealReasoning(work, "1")))).toBe(false);
  });

  it("has nothing to say about other bodies", () => {
    for (const other of [null, "text", {}, { input: "hi" }, { input: [{ role: "user" }, null] }]) {
      expect(ownsAllReasoning(work, other)).toBe(true);
    }
  });
});

function bodyWith(...contents: readonly string[]): unknown {
  return { input: contents.map((content) => ({ type: "reasoning", encrypted_content: content })) };
}

function claimsOf(token: string): unknown {
  const [header, claims, signature] = token.split(".");
  expect([header, signature]).not.toContain(undefined);
  return JSON.parse(Buffer.from(claims ?? "", "base64url").toString());
}
