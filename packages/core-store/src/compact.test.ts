import {
  accountId,
  emptyStore,
  epochMs,
  newAccount,
  parseAlias,
  type StoreV2,
} from "@open-multi-auth/domain";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compact } from "./compact.ts";

describe("compact", () => {
  it("does to the same store what was done to it", () => {
    const number = fc.integer({ min: 0, max: 5 });
    const state = fc.record({
      work: fc.option(number),
      home: fc.option(number),
      cursor: number,
      later: fc.option(number),
    });
    const property = fc.property(state, state, (from, to) => {
      const [before, after] = [storeOf(from), storeOf(to)];
      expect(compact(before, after)(before)).toEqual(after);
    });
    fc.assert(property);
  });

  it("leaves to others the fields and accounts that it did not change", () => {
    const before = storeOf({ work: 1, home: 1 });
    const change = compact(before, { ...storeOf({ work: 2, home: 1 }), mine: 1 });
    const theirs = storeOf({ work: 1, home: 7, cursor: 3, later: 4 });
    expect(change(theirs)).toEqual({ ...storeOf({ work: 2, home: 7, cursor: 3, later: 4 }), mine: 1 });
    const tagged = withField(theirs, "work", { tags: ["theirs"] });
    expect(Object.entries(change(tagged).accounts).find(([alias]) => alias === "work")?.[1]).toMatchObject({
      usageCount: 2,
      tags: ["theirs"],
    });
  });

  it("does not bring back an account that another process removed", () => {
    const change = compact(storeOf({ work: 1 }), storeOf({ work: 2 }));
    expect(change(storeOf({})).accounts).toEqual({});
  });

  it("adds and removes accounts", () => {
    const change = compact(storeOf({ work: 1 }), storeOf({ home: 1 }));
    expect(Object.keys(change(storeOf({ work: 5, other: 1 })).accounts).toSorted()).toEqual([
      "home",
      "other",
    ]);
  });
});

type Numbers = Partial<Record<string, number | null>>;

/** Accounts by how often they were used; `cursor` and `later` are fields of the store. */
function storeOf({ cursor, later, ...used }: Numbers): StoreV2 {
  const accounts = Object.entries(used).flatMap(([name, usageCount]) =>
    typeof usageCount === "number" ? [[name, { ...account(name), usageCount }] as const] : [],
  );
  const empty = emptyStore();
  return {
    ...empty,
    ...(typeof later === "number" ? { later } : {}),
    rotation: { ...empty.rotation, cursor: cursor ?? 0 },
    accounts: Object.fromEntries(accounts),
  };
}

const withField = (store: StoreV2, name: string, fields: object): StoreV2 => ({
  ...store,
  accounts: Object.fromEntries(
    Object.entries(store.accounts).map(([alias, entry]) => [
      alias,
      alias === name ? { ...entry, ...fields } : entry,
    ]),
  ),
});

function account(name: string) {
  const linked = { accessToken: "a", refreshToken: "r", expiresAt: epochMs(0), source: "codex" as const };
  return newAccount(accountId(`id-${name}`), parseAlias(name)._unsafeUnwrap(), linked, epochMs(1));
}
