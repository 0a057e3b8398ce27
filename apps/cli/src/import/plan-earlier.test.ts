import { migrateStore, type Migrated } from "@open-multi-auth/core-store";
import {
  accountId,
  accountsOf,
  emptyStore,
  epochMs,
  newAccount,
  parseAlias,
  storeSchema,
  type Account,
  type StoreV2,
} from "@open-multi-auth/domain";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { NOW } from "../testing.ts";
import { planEarlier, type EarlierPlan } from "./plan-earlier.ts";

const LATER = NOW + 1_000_000;

describe("planEarlier", () => {
  it("takes over everything where nothing was here: accounts, settings, a force that lasts", () => {
    const { store, accounts, settings } = plan(emptyStore(), {
      accounts: { work: entry("ann", "w1"), home: entry("bob", "w2", { tags: ["x"], usageCount: 7 }) },
      activeAlias: "home",
      forcedAlias: "work",
      forcedUntil: LATER,
      settings: { rotationStrategy: "least-used", criticalThreshold: 7, accountWeights: { home: 0.5 } },
    });
    expect(accounts.map(({ alias, outcome }) => [alias, outcome])).toEqual([
      ["work", "added"],
      ["home", "added"],
    ]);
    expect(settings).toBe(true);
    expect(store).toMatchObject({
      activeAlias: "home",
      forcedAlias: "work",
      forcedUntil: LATER,
      rotationStrategy: "least-used",
      settings: { criticalThreshold: 7, accountWeights: { home: 0.5 } },
      accounts: { home: { tags: ["x"], usageCount: 7 } },
    });
  });

  it("a force that has ended stays ended", () => {
    const forced = { accounts: { work: entry("ann", "w1") }, forcedAlias: "work", forcedUntil: NOW };
    expect(plan(emptyStore(), forced).store).toMatchObject({ forcedAlias: null, forcedUntil: null });
  });

  it("AUT-09: recognises an account that is here: older tokens change nothing, newer ones renew it", () => {
    const here = own(own(emptyStore(), "mine", "ann", "w1", LATER), "other", "bob", "w2", LATER);
    const { store, accounts } = plan(here, {
      accounts: {
        work: entry("ann", "w1", { expiresAt: LATER - 1, tags: ["team"], notes: "n" }),
        home: entry("bob", "w2", { expiresAt: LATER + 1 }),
      },
      settings: { criticalThreshold: 7, accountWeights: { home: 0.5 } },
    });
    expect(accounts).toMatchObject([
      {
        alias: "mine",
        outcome: "updated",
        why: [expect.stringContaining("at least as new"), "tags, notes taken over"],
      },
      { alias: "other", outcome: "updated", why: [expect.stringContaining("older login")] },
    ]);
    expect(Object.keys(store.accounts)).toEqual(["mine", "other"]);
    expect(store.accounts).toMatchObject({
      mine: { refreshToken: "rt-mine", tags: ["team"], notes: "n" },
      other: { refreshToken: "rt-bob-w2" },
    });
    expect(store.settings).toEqual({ accountWeights: { other: 0.5 } });
    expect(plan(store, { accounts: { work: entry("ann", "w1", { expiresAt: 5 }) } })).toMatchObject({
      accounts: [{ outcome: "kept" }],
      store,
    });
  });

  it("never lets a refused login take the place of one that works", () => {
    const here = own(emptyStore(), "mine", "ann", "w1", NOW);
    const refused = entry("ann", "w1", { expiresAt: LATER, authInvalid: true });
    const { store, accounts } = plan(here, { accounts: { work: refused } });
    expect(accounts).toMatchObject([{ outcome: "kept", why: [expect.stringContaining("refused")] }]);
    expect(store.accounts).toMatchObject({ mine: { refreshToken: "rt-mine" } });
  });

  it("AUT-12: the same e-mail in two workspaces is two accounts; a taken alias is numbered", () => {
    const here = own(emptyStore(), "work", "ann", "w1", LATER);
    const { store, accounts } = plan(here, { accounts: { work: entry("ann", "w2") } });
    expect(accounts).toMatchObject([
      { alias: "work-2", outcome: "added", why: ["another account is called work"] },
    ]);
    expect(store.accounts).toMatchObject({ work: { accountId: "w1" }, "work-2": { accountId: "w2" } });
  });

  it("AUT-12: two workspaces with one login do not end each other's: one of them alone can renew it", () => {
    const shared = { refreshToken: "rt-shared" };
    const { store } = plan(emptyStore(), {
      accounts: [entry("ann", "w1", shared), entry("ann", "w2", shared)],
      version: 3,
    });
    expect(accountsOf(store).map(({ refreshToken, accountId: id }) => [refreshToken, id])).toEqual([
      ["rt-shared", "w1"],
      ["", "w2"],
    ]);
  });

  it("AUT-09: an account twice in one store becomes one, with the login that lives longer", () => {
    const { store, accounts } = plan(emptyStore(), {
      accounts: {
        a: entry("ann", "w1"),
        b: entry("ann", "w1", { expiresAt: LATER, refreshToken: "rt-newer" }),
      },
      activeAlias: "b",
    });
    expect(accounts.map(({ outcome }) => outcome)).toEqual(["added", "updated"]);
    expect(store).toMatchObject({ activeAlias: "a", accounts: { a: { refreshToken: "rt-newer" } } });
    expect(Object.keys(store.accounts)).toEqual(["a"]);
  });

  it("AUT-09: knows an account of the first era by what its token tells", () => {
    const claims = {
      "https://api.openai.com/auth": { chatgpt_account_id: "w1", chatgpt_user_id: "user-ann" },
    };
    const token = `${base64({ alg: "none" })}.${base64({ ...claims, email: "ann@example.com" })}.c2ln`;
    const here = own(emptyStore(), "mine", "ann", "w1", LATER);
    const { accounts } = plan(here, {
      accounts: { work: { ...entry("ann", undefined), accessToken: token } },
    });
    expect(accounts).toMatchObject([{ alias: "mine", outcome: "kept" }]);
  });

  it("AUT-09: knows an account without any claim again after its login was renewed here", () => {
    const anonymous = { work: { accessToken: "at", refreshToken: "rt-1", expiresAt: NOW, usageCount: 0 } };
    const { store } = plan(emptyStore(), { accounts: anonymous });
    const [work] = accountsOf(store);
    const renewed = {
      ...store,
      accounts: { work: { ...work, refreshToken: "rt-2", expiresAt: LATER } },
    } as StoreV2;
    expect(plan(renewed, { accounts: anonymous })).toMatchObject({
      accounts: [{ outcome: "kept" }],
      store: renewed,
    });
  });

  it("AUT-09: property: importing twice changes nothing more, and no account of ours is lost or renamed", () => {
    const who = fc.tuple(fc.constantFrom("ann", "bob", "cid"), fc.constantFrom("w1", "w2", undefined));
    const earlier = fc.array(fc.tuple(who, fc.nat(3)), { maxLength: 5 });
    fc.assert(
      fc.property(fc.uniqueArray(who, { maxLength: 4, selector: String }), earlier, (ours, theirs) => {
        let here = emptyStore();
        for (const [n, [name, workspace]] of ours.entries())
          here = own(here, `own${n}`, name, workspace, NOW + 1);
        const accounts = theirs.map(([[name, workspace], later]) =>
          entry(name, workspace, { expiresAt: NOW + later }),
        );
        const once = plan(here, { accounts });
        expect(storeSchema.safeParse(once.store).success).toBe(true);
        expect(Object.keys(once.store.accounts)).toEqual(expect.arrayContaining(Object.keys(here.accounts)));
        const twice = plan(once.store, { accounts });
        expect(twice.store.accounts).toEqual(once.store.accounts);
        expect(twice.accounts.every(({ outcome }) => outcome === "kept")).toBe(true);
      }),
      { numRuns: 100 },
    );
  });
});

let minted = 0;

function plan(current: StoreV2, json: object): EarlierPlan {
  const migrated: Migrated | undefined = migrateStore(JSON.parse(JSON.stringify(json)), NOW);
  if (migrated === undefined) throw new Error("not a store");
  return planEarlier(current, migrated, NOW, () => `minted-${(minted += 1)}`);
}

function entry(name: string, workspace: string | undefined, more: object = {}): object {
  return {
    email: `${name}@example.com`,
    ...(workspace !== undefined && { accountId: workspace }),
    accessToken: "at",
    refreshToken: `rt-${name}-${workspace}`,
    expiresAt: NOW,
    usageCount: 0,
    ...more,
  };
}

function own(
  store: StoreV2,
  alias: string,
  name: string,
  workspace: string | undefined,
  expiresAt: number,
): StoreV2 {
  const account: Account = newAccount(
    accountId(`id-${alias}`),
    parseAlias(alias)._unsafeUnwrap(),
    {
      accessToken: "at-own",
      refreshToken: `rt-${alias}`,
      expiresAt: epochMs(expiresAt),
      source: "codex",
      email: `${name}@example.com`,
      ...(workspace !== undefined && { accountId: workspace, userId: `user-${name}` }),
    },
    NOW,
  );
  return { ...store, accounts: { ...store.accounts, [alias]: account } };
}

const base64 = (value: object): string => Buffer.from(JSON.stringify(value)).toString("base64url");
