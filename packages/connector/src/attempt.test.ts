import { okAsync } from "neverthrow";
import { describe, expect, it } from "vitest";
import { prompt } from "../test/kit.ts";
import { scripted, type Move } from "../test/scripted.ts";
import type { TokenSource } from "./ports.ts";

const forbidden =
  (code: string): Move =>
  () =>
    Response.json({ error: { code, message: "no" } }, { status: 403 });

describe("a 403", () => {
  it("CON-04: that is about where the person is goes to the client, and no token is spent on it", async () => {
    const refused = forbidden("unsupported_country_region_territory");
    const { connector, pool, sent, refreshes } = renewing({ a: [refused], b: [200] });
    expect((await connector.handle(prompt()))._unsafeUnwrap().status).toBe(403);
    expect([sent, refreshes, pool.events]).toEqual([["a"], [], []]);
  });

  it("CON-04: that two accounts get alike, one with a fresh token, goes to the client and marks none", async () => {
    const refused = forbidden("feature_disabled");
    const { connector, pool, sent, refreshes, records } = renewing({ a: [refused], b: [refused], c: [200] });
    const response = (await connector.handle(prompt()))._unsafeUnwrap();
    expect([response.status, await response.json()]).toEqual([
      403,
      { error: { code: "feature_disabled", message: "no" } },
    ]);
    expect([sent, refreshes, pool.events]).toEqual([["a", "a", "b"], ["id-a"], []]);
    expect(records[0]).toMatchObject({ outcome: "passed-through" });
  });

  it.each([
    ["another account is served", { a: [forbidden("feature_disabled")], b: [200] }, "b"],
    ["another is refused otherwise", { a: [forbidden("feature_disabled")], b: [500] }, "none"],
    ["there is no other", { a: [forbidden("feature_disabled")] }, "none"],
  ] as const)("CON-04: marks the account where %s", async (_, moves, server) => {
    const { connector, pool } = renewing(moves);
    expect((await connector.handle(prompt())).isOk()).toBe(server === "b");
    expect(pool.account("a").authInvalid).toBe(true);
  });
});

/** Every refusal of a token is met with another one, which the upstream takes for the same account's. */
function renewing(moves: Parameters<typeof scripted>[0]) {
  const refreshes: string[] = [];
  const tokens: TokenSource = {
    ensureFresh(id, { rejected } = {}) {
      if (rejected !== undefined) refreshes.push(id);
      return okAsync({ accessToken: `at-${id.slice(3)}`, fingerprint: String(refreshes.length) });
    },
  };
  return { ...scripted(moves, { deps: { tokens } }), refreshes };
}
