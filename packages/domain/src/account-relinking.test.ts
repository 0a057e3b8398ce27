import { describe, expect, it } from "vitest";
import { newAccount, type Account, type NewAccount } from "./account.ts";
import { relinkAccount } from "./account-relinking.ts";
import { accountId, parseAlias } from "./ids.ts";
import { emptyStore, storeSchema, type StoreV2 } from "./store.ts";
import { epochMs } from "./time.ts";

const alias = (text: string) => parseAlias(text)._unsafeUnwrap();
const NOW = epochMs(9);

describe("relinkAccount", () => {
  it("AUT-06: gives the account a new login, keeps all that is the person's, and touches no other account", () => {
    const before: Account = {
      ...account("work"),
      tags: ["eu"],
      notes: "until May",
      usageCount: 7,
      idToken: "old",
      authInvalid: true,
      authInvalidatedAt: epochMs(3),
      authInvalidReason: "expired-refresh-failed",
    };
    const store = storeOf(before, account("home"));
    const after = relink(store, login("work", 2))._unsafeUnwrap();
    expect(after.accounts[alias("work")]).toEqual({
      ...account("work"),
      ...login("work", 2),
      tags: ["eu"],
      notes: "until May",
      usageCount: 7,
    });
    expect(after.accounts[alias("home")]).toBe(store.accounts[alias("home")]);
    expect(storeSchema.safeParse(after).success).toBe(true);
  });

  it("AUT-06: refuses another account's login unless that is confirmed; then what was measured goes", () => {
    const before: Account = {
      ...account("work"),
      usageCount: 7,
      tags: ["eu"],
      rateLimitedUntil: epochMs(99),
    };
    const store = storeOf(before);
    const refused = relink(store, login("other"))._unsafeUnwrapErr();
    expect(refused.code).toBe("IDENTITY_MISMATCH");
    expect(refused.message).toBe('you signed in as other@example.com; "work" stands for work@example.com');
    const allowed = relink(store, login("other"), true)._unsafeUnwrap().accounts[alias("work")];
    expect(allowed).toMatchObject({ id: "id-work", email: "other@example.com", usageCount: 0, tags: ["eu"] });
    expect(allowed).not.toHaveProperty("rateLimitedUntil");
  });

  it("AUT-09: never makes one login two accounts, confirmed or not", () => {
    const store = storeOf(account("work"), account("home"));
    expect(relink(store, login("home"))._unsafeUnwrapErr().message).toContain('which is linked as "home"');
    expect(relink(store, login("home"), true)._unsafeUnwrapErr().code).toBe("ACCOUNT_ALREADY_LINKED");
  });

  it("says so when it is the same person in another workspace", () => {
    const elsewhere = { ...login("work"), accountId: "w-2" };
    const refused = relinkAccount(storeOf(account("work")), {
      login: elsewhere,
      alias: "work",
      same: (candidate) => candidate.accountId === "w-2",
      allowOtherAccount: false,
      now: NOW,
    });
    expect(refused._unsafeUnwrapErr().message).toContain("work@example.com in another workspace");
  });
});

function relink(store: StoreV2, fresh: NewAccount, allowOtherAccount = false) {
  const same = (candidate: Account): boolean => candidate.userId === fresh.userId;
  return relinkAccount(store, { login: fresh, alias: "work", same, allowOtherAccount, now: NOW });
}

function storeOf(...accounts: Account[]): StoreV2 {
  return { ...emptyStore(), accounts: Object.fromEntries(accounts.map((one) => [one.alias, one])) };
}

const account = (name: string): Account =>
  newAccount(accountId(`id-${name}`), alias(name), login(name), epochMs(5));

function login(name: string, generation = 1): NewAccount {
  return {
    accessToken: `at-${name}-${generation}`,
    refreshToken: `rt-${name}-${generation}`,
    expiresAt: epochMs(generation),
    source: "browser",
    email: `${name}@example.com`,
    userId: `user-${name}`,
  };
}
