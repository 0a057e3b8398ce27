import { describe, expect, it } from "vitest";
import { accessToken, jwt, START } from "../test/support.ts";
import { identityOf, sameIdentity, type Identity } from "./identity.ts";

const AUTH = "https://api.openai.com/auth";

describe("identityOf", () => {
  it("reads the claims of the id token, and of the access token what is missing there", () => {
    const idToken = jwt({ email: "person@example.test", exp: 1, [AUTH]: { chatgpt_plan_type: "team" } });
    expect(identityOf({ idToken, accessToken: accessToken("a", 60) })).toStrictEqual({
      email: "person@example.test",
      userId: "user-1",
      accountId: "workspace-1",
      accountUserId: "user-1__workspace-1",
      planType: "team",
      expiresAt: START + 60_000,
    });
  });

  it.each([
    [
      "the profile's e-mail",
      { "https://api.openai.com/profile": { email: "p@example.test" } },
      { email: "p@example.test" },
    ],
    ["user_id", { [AUTH]: { user_id: "u" } }, { userId: "u" }],
    ["the account id at top level", { chatgpt_account_id: "w" }, { accountId: "w" }],
    ["the first organization", { organizations: [{ id: "org" }] }, { accountId: "org" }],
  ])("knows %s", (_name, claims, identity) => {
    expect(identityOf({ accessToken: jwt(claims) })).toStrictEqual(identity);
  });

  it.each([
    ["no JWT", "opaque"],
    ["an empty text", ""],
    ["broken base64", "a.%%%.c"],
    ["claims that are a list", jwt([])],
    ["claims of wrong types", jwt({ email: 5, exp: "soon", organizations: "x", [AUTH]: "y" })],
    ["an end beyond all dates", jwt({ exp: 1e300 })],
    ["an encrypted token", "a.b.c.d.e"],
  ])("gives what can be had of %s", (_name, token) => {
    expect(identityOf({ idToken: token, accessToken: token })).toStrictEqual({});
  });
});

describe("sameIdentity", () => {
  const person: Identity = {
    email: "person@example.test",
    userId: "user-1",
    accountId: "workspace-1",
    accountUserId: "user-1__workspace-1",
  };
  const without = (...names: (keyof Identity)[]): Identity =>
    Object.fromEntries(Object.entries(person).filter(([name]) => !names.some((each) => each === name)));

  it.each([
    ["the pair's own id", person, { accountUserId: "user-1__workspace-1" }],
    ["user and workspace", without("accountUserId", "email"), without("accountUserId")],
    ["the pair, where one side lacks its id", person, without("accountUserId")],
    ["e-mail and workspace", without("userId", "accountUserId"), { ...person, email: "Person@Example.test" }],
    ["e-mail, where neither side knows a workspace", { email: "a@b.test" }, { email: "A@b.test" }],
  ])("AUT-09: recognises the same account by %s", (_name, a, b) => {
    expect([sameIdentity(a, b), sameIdentity(b, a)]).toStrictEqual([true, true]);
  });

  it.each([
    ["the same e-mail in two workspaces", person, { ...without("accountUserId"), accountId: "workspace-2" }],
    ["one user's two pairs", person, { ...person, accountUserId: "user-1__workspace-2" }],
    ["two people in one workspace", without("accountUserId"), { accountId: "workspace-1", userId: "user-2" }],
    ["a workspace known on one side only", without("accountUserId"), without("accountUserId", "accountId")],
    ["nothing known", {}, {}],
  ])("AUT-09: tells apart %s", (_name, a, b) => {
    expect([sameIdentity(a, b), sameIdentity(b, a)]).toStrictEqual([false, false]);
  });
});
