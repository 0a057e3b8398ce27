import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { newAccount, type Account } from "./account.ts";
import { disableAccount, enableAccount, removeAccount } from "./account-changes.ts";
import { accountId, parseAlias, type Alias } from "./ids.ts";
import { emptyStore, storeSchema, type StoreV2 } from "./store.ts";
import { epochMs } from "./time.ts";

const NOW = epochMs(1_795_000_000_000);
const ACTOR = { via: "cli", user: "ann" } as const;

describe("disableAccount", () => {
  it("ACC-01: sets who, when and why; the fields survive being written and read", () => {
    const store = disableAccount(storeOf("a", "b"), "a", { actor: ACTOR, reason: "holiday", now: NOW });
    const read = storeSchema.parse(JSON.parse(JSON.stringify(store._unsafeUnwrap())));
    expect(read.accounts[alias("a")]).toMatchObject({
      enabled: false,
      disabledAt: NOW,
      disabledBy: ACTOR,
      disableReason: "holiday",
    });
  });

  it("refuses an account that is disabled already", () => {
    const once = disableAccount(storeOf("a", "b"), "a", { actor: ACTOR, now: NOW })._unsafeUnwrap();
    const twice = disableAccount(once, "a", { actor: ACTOR, now: NOW });
    expect(twice._unsafeUnwrapErr()).toMatchObject({ code: "ALREADY_IN_STATE", details: { enabled: false } });
  });

  it("ACC-05: refuses the last enabled account unless none is allowed", () => {
    const store = storeOf("a");
    expect(disableAccount(store, "a", { actor: ACTOR, now: NOW })._unsafeUnwrapErr().code).toBe(
      "LAST_ENABLED_ACCOUNT",
    );
    const forcedThrough = disableAccount(store, "a", { actor: ACTOR, allowNone: true, now: NOW });
    expect(forcedThrough._unsafeUnwrap().accounts[alias("a")]?.enabled).toBe(false);
  });

  it("ends a force on the account and brings back the strategy before it", () => {
    const store = disableAccount(forcedOn("a"), "a", { actor: ACTOR, now: NOW })._unsafeUnwrap();
    expect(store).toMatchObject({ forcedAlias: null, forcedUntil: null, rotationStrategy: "least-used" });
    expect(store.previousRotationStrategy).toBeNull();
  });

  it.each(["constructor", "__proto__", "toString", "nobody"])("finds no account called %s", (name) => {
    const store = storeOf("a", "b");
    const codes = [
      disableAccount(store, name, { actor: ACTOR, now: NOW })._unsafeUnwrapErr().code,
      enableAccount(store, name)._unsafeUnwrapErr().code,
      removeAccount(store, name)._unsafeUnwrapErr().code,
    ];
    expect(new Set(codes)).toEqual(new Set(["ACCOUNT_NOT_FOUND"]));
  });
});

describe("enableAccount", () => {
  it("ACC-01: clears who, when and why", () => {
    const disabled = disableAccount(storeOf("a", "b"), "a", { actor: ACTOR, reason: "x", now: NOW });
    const enabled = enableAccount(disabled._unsafeUnwrap(), "a")._unsafeUnwrap();
    expect(enabled).toEqual(storeOf("a", "b"));
  });

  it("refuses an account that is enabled already", () => {
    expect(enableAccount(storeOf("a"), "a")._unsafeUnwrapErr().code).toBe("ALREADY_IN_STATE");
  });
});

describe("removeAccount", () => {
  it("ACC-13: leaves nothing that names the account", () => {
    const removed = removeAccount({ ...forcedOn("a"), activeAlias: alias("a") }, "a")._unsafeUnwrap();
    expect(removed).toMatchObject({
      activeAlias: null,
      forcedAlias: null,
      forcedUntil: null,
      forcedBy: null,
    });
    expect(removed.rotationStrategy).toBe("least-used");
    expect(JSON.stringify(removed)).not.toMatch(/"a"|id-a/);
  });

  it("ACC-13: keeps the active and the forced alias of other accounts", () => {
    const removed = removeAccount({ ...forcedOn("b"), activeAlias: alias("b") }, "a")._unsafeUnwrap();
    expect(removed).toMatchObject({ activeAlias: "b", forcedAlias: "b", forcedUntil: NOW });
  });
});

describe("every change", () => {
  it("ACC-14: leaves all other accounts as they were", () => {
    const name = fc.constantFrom("a", "b", "c", "constructor");
    const change = fc.constantFrom(
      (store: StoreV2, of: string) => enableAccount(store, of).unwrapOr(store),
      (store: StoreV2, of: string) =>
        disableAccount(store, of, { actor: ACTOR, allowNone: true, now: NOW }).unwrapOr(store),
      (store: StoreV2, of: string) => removeAccount(store, of).unwrapOr(store),
    );
    fc.assert(
      fc.property(fc.array(fc.tuple(name, change), { maxLength: 8 }), (changes) => {
        let store = storeOf("a", "b", "c", "constructor");
        for (const [of, apply] of changes) {
          const before = store;
          store = apply(store, of);
          expect(others(store, of)).toEqual(others(before, of));
          expect(storeSchema.safeParse(store).success).toBe(true);
        }
      }),
    );
  });
});

const alias = (text: string): Alias => parseAlias(text)._unsafeUnwrap();

function others(store: StoreV2, name: string): Account[] {
  return Object.values(store.accounts).filter((account) => account.alias !== name);
}

function storeOf(...names: string[]): StoreV2 {
  const accounts = names.map((name) => {
    const login = { accessToken: "at", refreshToken: "rt", expiresAt: NOW, source: "codex" } as const;
    return [name, newAccount(accountId(`id-${name}`), alias(name), login, NOW)];
  });
  return { ...emptyStore(), accounts: Object.fromEntries(accounts) };
}

function forcedOn(name: string): StoreV2 {
  return {
    ...storeOf("a", "b"),
    forcedAlias: alias(name),
    forcedUntil: NOW,
    forcedBy: ACTOR,
    previousRotationStrategy: "least-used",
    settings: { accountWeights: { a: 0.5, b: 1 }, reservePercent: { a: 5 } },
    rotation: { cursor: 3, starts: 1, current: { "id-a": 1, "id-b": -1 } },
    affinity: {
      s1: { accountId: accountId("id-a"), at: NOW },
      s2: { accountId: accountId("id-b"), at: NOW },
    },
  };
}
