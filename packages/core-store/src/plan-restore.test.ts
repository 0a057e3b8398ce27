import {
  accountId,
  emptyStore,
  epochMs,
  newAccount,
  parseAlias,
  type Account,
  type StoreV2,
} from "@open-multi-auth/domain";
import { describe, expect, it } from "vitest";
import { checkStore } from "./check-store.ts";
import { planRestore, type Restoring } from "./plan-restore.ts";
import { storeDifference } from "./store-difference.ts";

describe("planRestore", () => {
  it("brings back members, names, enabled, tags, notes and settings", () => {
    const past = storeOf([account("ann", { tags: ["team"], notes: "mine" }), account("bob")], {
      rotationStrategy: "random",
      settings: { lowThreshold: 40 },
      activeAlias: alias("bob"),
    });
    const renamed = account("ann", { alias: alias("anna"), enabled: false, disableReason: "holiday" });
    const current = storeOf([renamed, account("cid")]);
    const next = restore({ past, current });
    expect(next).toEqual(past);
    expect(storeDifference(current, next)).toEqual({
      added: ["bob"],
      removed: ["cid"],
      changed: [{ alias: "ann", fields: ["alias", "enabled", "tags", "disableReason", "notes"] }],
      settings: ["rotationStrategy", "activeAlias", "lowThreshold"],
    });
  });

  it("keeps the login and the measurements of an account that still exists", () => {
    const past = storeOf([account("ann", { tags: ["old"], refreshToken: "used-up" })]);
    const live = { refreshToken: "newest", accessToken: "a2", usageCount: 7, rateLimitedUntil: epochMs(9) };
    const next = restore({ past, current: storeOf([account("ann", { tags: ["new"], ...live })]) });
    expect(Object.values(next.accounts)[0]).toMatchObject({ tags: ["old"], ...live });
  });

  it("keeps the newer login of an account that was removed and linked anew under another id and alias", () => {
    const past = storeOf([account("ann", { userId: "u1", refreshToken: "used-up" })]);
    const again = account("anew", { userId: "u1", refreshToken: "newest" });
    const next = restore({ past, current: storeOf([again]) });
    expect(Object.values(next.accounts)).toMatchObject([
      { id: again.id, alias: "ann", refreshToken: "newest" },
    ]);
  });

  it("brings a removed account back with the newest login that any snapshot has of it", () => {
    const past = storeOf([account("bob", { refreshToken: "used-up", tags: ["then"] })]);
    const between = ["newest", "older"].map((refreshToken) => {
      return storeOf([account("bob", { refreshToken, tags: ["later"] })]);
    });
    const next = restore({ past, current: emptyStore(), between });
    expect(Object.values(next.accounts)[0]).toMatchObject({ refreshToken: "newest", tags: ["then"] });
  });

  it("never gives two members one identity, whatever else is alike", () => {
    const past = storeOf([account("ann", { userId: "u1" }), account("bob", { userId: "u1" })]);
    const current = storeOf([account("bob", { userId: "u1", refreshToken: "newest" })]);
    const next = restore({ past, current });
    expect(checkStore(next)).toBeUndefined();
    expect(next.accounts).toMatchObject({
      ann: { id: "id-ann" },
      bob: { id: "id-bob", refreshToken: "newest" },
    });
  });

  it("ends a force, and lets go of what names an account that goes", () => {
    const current: StoreV2 = {
      ...storeOf([account("ann"), account("cid")]),
      forcedAlias: alias("cid"),
      forcedUntil: epochMs(1e13),
      rotationStrategy: "random",
      previousRotationStrategy: "least-used",
      rotation: { cursor: 5, starts: 2, current: { "id-ann": 1, "id-cid": -1 } },
      affinity: { s1: { accountId: accountId("id-cid"), at: epochMs(1) } },
    };
    const next = restore({ past: storeOf([account("ann")]), current });
    expect(next).toMatchObject({ forcedAlias: null, previousRotationStrategy: null, affinity: {} });
    expect(next.rotationStrategy).toBe("round-robin");
    expect(next.rotation).toEqual({ cursor: 5, starts: 2, current: { "id-ann": 1 } });
  });
});

const restore = (given: Partial<Restoring>): StoreV2 =>
  planRestore({
    current: emptyStore(),
    past: emptyStore(),
    between: [],
    same: (a, b) => a.userId !== undefined && a.userId === b.userId,
    ...given,
  });

const alias = (name: string) => parseAlias(name)._unsafeUnwrap();

function account(name: string, fields: Partial<Account> = {}): Account {
  const login = { accessToken: `a-${name}`, refreshToken: `r-${name}`, expiresAt: epochMs(1000) };
  const linked = newAccount(
    accountId(`id-${name}`),
    alias(name),
    { ...login, source: "codex" },
    epochMs(1000),
  );
  return { ...linked, ...fields };
}

const storeOf = (accounts: Account[], fields: Partial<StoreV2> = {}): StoreV2 => ({
  ...emptyStore(),
  accounts: Object.fromEntries(accounts.map((each) => [each.alias, each])),
  ...fields,
});
