import { describe, expect, it } from "vitest";
import { newAccount, type Account } from "./account.ts";
import { describeAccount, renameAccount } from "./account-details.ts";
import { accountId, parseAlias } from "./ids.ts";
import { emptyStore, storeSchema, type StoreV2 } from "./store.ts";
import { epochMs } from "./time.ts";

const alias = (text: string) => parseAlias(text)._unsafeUnwrap();

describe("renameAccount", () => {
  it("ACC-13: renames an account wherever its alias is named, and no other account", () => {
    const store: StoreV2 = {
      ...storeOf("work", "home"),
      activeAlias: alias("work"),
      forcedAlias: alias("work"),
      settings: { accountWeights: { work: 0.5, home: 1 }, reservePercent: { work: 10 } },
    };
    const renamed = renameAccount(store, "work", alias("studio"))._unsafeUnwrap();
    expect(Object.keys(renamed.accounts)).toEqual(["studio", "home"]);
    expect(renamed.accounts[alias("studio")]).toEqual({ ...account("work"), alias: "studio" });
    expect(renamed.accounts[alias("home")]).toEqual(account("home"));
    expect(renamed).toMatchObject({ activeAlias: "studio", forcedAlias: "studio" });
    expect(renamed.settings).toEqual({
      accountWeights: { studio: 0.5, home: 1 },
      reservePercent: { studio: 10 },
    });
    expect(storeSchema.safeParse(renamed).success).toBe(true);
  });

  it("leaves an active and forced alias of another account alone, and a name that stays as it is", () => {
    const store: StoreV2 = { ...storeOf("work", "home"), activeAlias: alias("home") };
    expect(renameAccount(store, "work", alias("x"))._unsafeUnwrap().activeAlias).toBe("home");
    expect(renameAccount(store, "work", alias("work"))._unsafeUnwrap()).toBe(store);
  });

  it("refuses an alias that is taken, and one that nobody has", () => {
    const store = storeOf("work", "home");
    expect(renameAccount(store, "work", alias("home"))._unsafeUnwrapErr().code).toBe("ALIAS_TAKEN");
    for (const name of ["nobody", "constructor", "__proto__"])
      expect(renameAccount(store, name, alias("x"))._unsafeUnwrapErr().code).toBe("ACCOUNT_NOT_FOUND");
  });

  it("STO-15: takes __proto__ for a name like any other", () => {
    const there = renameAccount(storeOf("work"), "work", alias("__proto__"))._unsafeUnwrap();
    expect(Object.keys(there.accounts)).toEqual(["__proto__"]);
    const back = renameAccount(there, "__proto__", alias("work"))._unsafeUnwrap();
    expect(back).toEqual(storeOf("work"));
  });
});

describe("describeAccount", () => {
  it("ACC-13: replaces tags or notes, and what is not named stays", () => {
    const tagged = describeAccount(storeOf("work"), "work", { tags: ["eu", "paid", "eu"] })._unsafeUnwrap();
    const noted = describeAccount(tagged, "work", { notes: "until May" })._unsafeUnwrap();
    expect(noted.accounts[alias("work")]).toEqual({
      ...account("work"),
      tags: ["eu", "paid"],
      notes: "until May",
    });
    const cleared = describeAccount(noted, "work", { tags: [], notes: "" })._unsafeUnwrap();
    expect(cleared.accounts[alias("work")]).toEqual(account("work"));
  });

  it("names the field and its constraint, and changes nothing", () => {
    const many = Array.from({ length: 21 }, (_, n) => `t${n}`);
    for (const tags of [["a b"], ["a,b"], [""], ["x".repeat(33)], ["a\u001B[31m"], many]) {
      const { code, details } = describeAccount(storeOf("work"), "work", { tags })._unsafeUnwrapErr();
      expect([code, details]).toMatchObject(["DETAILS_INVALID", { field: "tags" }]);
    }
    const long = describeAccount(storeOf("work"), "work", { notes: "x".repeat(2_001) })._unsafeUnwrapErr();
    expect(long.details).toMatchObject({ field: "notes", constraint: "at most 2000 characters" });
  });
});

function storeOf(...names: string[]): StoreV2 {
  return { ...emptyStore(), accounts: Object.fromEntries(names.map((name) => [name, account(name)])) };
}

function account(name: string): Account {
  const login = {
    accessToken: `at-${name}`,
    refreshToken: `rt-${name}`,
    expiresAt: epochMs(1),
    source: "browser" as const,
  };
  return newAccount(accountId(`id-${name}`), alias(name), login, epochMs(5));
}
