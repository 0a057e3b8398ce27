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
import { planImport, type Importing } from "./plan-import.ts";

describe("planImport", () => {
  it("makes an empty store what the backup is", () => {
    const backup = storeOf([account("ann"), account("bob", { tags: ["x"] })], {
      rotationStrategy: "weighted-round-robin",
      settings: { accountWeights: { bob: 0.5 } },
      activeAlias: alias("ann"),
    });
    expect(plan({ backup })).toEqual({ store: backup, kept: [], renamed: [] });
  });

  it("STO-16: adds what is missing and overwrites nothing without being told", () => {
    const current = storeOf([account("ann", { tags: ["ours"] })], { settings: { lowThreshold: 20 } });
    const theirs = account("ann", { tags: ["theirs"], refreshToken: "r2", expiresAt: epochMs(5000) });
    const backup = storeOf([theirs, account("bob")], {
      settings: { lowThreshold: 50 },
      rotationStrategy: "random",
    });
    const { store, kept } = plan({ current, backup });
    expect(store).toEqual({ ...current, accounts: { ...current.accounts, bob: account("bob") } });
    expect(kept).toEqual([{ alias: "ann", fields: ["login", "tags"] }]);
  });

  it("overwrites when told: decisions and settings, under the alias that the account has here", () => {
    const ours = account("ann", { userId: "u1", tags: ["ours"], usageCount: 3 });
    const theirs = account("home", { userId: "u1", tags: ["theirs"], enabled: false });
    const backup = storeOf([theirs], {
      settings: { lowThreshold: 50, accountWeights: { home: 0.5 } },
      activeAlias: alias("home"),
    });
    const { store } = plan({ current: storeOf([ours]), backup, overwrite: true });
    expect(store.accounts).toEqual({ ann: { ...ours, tags: ["theirs"], enabled: false } });
    expect(store).toMatchObject({
      activeAlias: "ann",
      settings: { lowThreshold: 50, accountWeights: { ann: 0.5 } },
    });
  });

  it.each([
    ["ours, which lives longer", { expiresAt: epochMs(9000) }, {}, "ours"],
    ["theirs, which lives longer", {}, { expiresAt: epochMs(9000) }, "theirs"],
    ["theirs, where ours was refused", { authInvalid: true, expiresAt: epochMs(9000) }, {}, "theirs"],
    ["ours, where theirs was refused", {}, { authInvalid: true, expiresAt: epochMs(9000) }, "ours"],
  ])("overwriting takes the newer login: %s", (_, ours, theirs, expected) => {
    const { store } = plan({
      current: storeOf([account("ann", { refreshToken: "ours", ...ours })]),
      backup: storeOf([account("ann", { refreshToken: "theirs", ...theirs })]),
      overwrite: true,
    });
    const [{ refreshToken, authInvalid } = account("none")] = Object.values(store.accounts);
    expect({ refreshToken, authInvalid }).toEqual({ refreshToken: expected, authInvalid: undefined });
  });

  it.each([true, false])(
    "gives an account whose alias is another's here a free one (overwrite: %s)",
    (overwrite) => {
      const current = storeOf([account("ann"), account("bob")]);
      const stranger = { ...account("cid"), alias: alias("ann") };
      const { store, renamed } = plan({ current, backup: storeOf([stranger]), overwrite });
      expect(store.accounts).toEqual({ ...current.accounts, "ann-2": { ...stranger, alias: "ann-2" } });
      expect(renamed).toEqual([{ from: "ann", to: "ann-2" }]);
    },
  );

  it("leaves a force as it is; the backup's strategy waits for its end", () => {
    const current: StoreV2 = {
      ...storeOf([account("ann")]),
      forcedAlias: alias("ann"),
      forcedUntil: epochMs(1e13),
      previousRotationStrategy: "round-robin",
    };
    const backup = storeOf([], { rotationStrategy: "random" });
    expect(plan({ current, backup, overwrite: true }).store).toEqual({
      ...current,
      previousRotationStrategy: "random",
    });
  });
});

const plan = (given: Partial<Importing>) =>
  planImport({
    current: emptyStore(),
    backup: emptyStore(),
    overwrite: false,
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
