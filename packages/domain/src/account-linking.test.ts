import { describe, expect, it } from "vitest";
import type { NewAccount } from "./account.ts";
import { linkAccount, type Linking } from "./account-linking.ts";
import { accountId, parseAlias, type Alias } from "./ids.ts";
import { emptyStore, storeSchema, type StoreV2 } from "./store.ts";
import { epochMs } from "./time.ts";

const NOW = epochMs(1_795_000_000_000);

describe("linkAccount", () => {
  it("adds an account called after the e-mail's local part", () => {
    const linked = link(emptyStore(), { email: "ann.b+c@example.com" });
    expect(linked).toMatchObject({ outcome: "added", alias: "ann.b-c" });
    expect(linked.store.accounts[alias("ann.b-c")]).toMatchObject({ enabled: true, accessToken: "at" });
  });

  it.each([
    ["ann@example.com", ["ann", "ann-2", "ann-3"]],
    [undefined, ["account-1", "account-2", "account-3"]],
    ["+++@example.com", ["account-1", "account-2", "account-3"]],
    [`${"x".repeat(80)}@example.com`, ["x".repeat(56), `${"x".repeat(56)}-2`, `${"x".repeat(56)}-3`]],
  ])("numbers accounts of the same name: %s", (email, aliases) => {
    let store = emptyStore();
    for (let n = 0; n < 3; n++) store = link(store, { email, accountId: `w${n}` }).store;
    expect(Object.keys(store.accounts)).toEqual(aliases);
    expect(storeSchema.safeParse(store).success).toBe(true);
  });

  it("refuses an alias that another account has", () => {
    const { store } = link(emptyStore(), { accountId: "one" }, { alias: alias("work") });
    const second = linkAccount(store, linking({ accountId: "two" }, { alias: alias("work") }));
    expect(second._unsafeUnwrapErr()).toMatchObject({ code: "ALIAS_TAKEN", details: { alias: "work" } });
  });

  it("takes aliases that objects have by nature", () => {
    const { store } = link(emptyStore(), {}, { alias: alias("constructor") });
    expect(Object.keys(store.accounts)).toEqual(["constructor"]);
  });

  it("AUT-09: the same login again is recognised: newer tokens go to the account, all else stays", () => {
    const first = link(emptyStore(), {}, { alias: alias("work") }).store;
    const work = first.accounts[alias("work")]!;
    const kept = { tags: ["team"], notes: "mine", usageCount: 7, enabled: false };
    const store = { ...first, accounts: { work: { ...work, ...kept, authInvalid: true } } };
    const again = link(store, { accessToken: "at2", refreshToken: "rt2", expiresAt: epochMs(NOW + 1) });
    expect(again).toMatchObject({ outcome: "updated", alias: "work" });
    expect(again.store.accounts).toEqual({
      work: { ...work, ...kept, accessToken: "at2", refreshToken: "rt2", expiresAt: NOW + 1 },
    });
  });

  it("AUT-09: tokens older than the account's own are not taken over them", () => {
    const { store } = link(emptyStore(), {}, { alias: alias("work") });
    const stale = link(store, { accessToken: "old", refreshToken: "old", expiresAt: epochMs(NOW - 1) });
    expect(stale).toEqual({ store, alias: "work", outcome: "kept" });
  });

  it("takes older tokens where the account's own were refused", () => {
    const { store } = link(emptyStore(), {}, { alias: alias("work") });
    const work = store.accounts[alias("work")]!;
    const refused = { ...store, accounts: { work: { ...work, authInvalid: true } } };
    const again = link(refused, { refreshToken: "older", expiresAt: epochMs(NOW - 1) });
    expect(again.store.accounts[alias("work")]).toMatchObject({ refreshToken: "older" });
    expect(again.store.accounts[alias("work")]).not.toHaveProperty("authInvalid");
  });

  it("remembers each file that holds the login once, as it was read last", () => {
    const codex = { kind: "codex-auth-json", path: "/c/auth.json" } as const;
    const openCode = { kind: "opencode-auth-json", path: "/o/auth.json", fingerprint: "o" } as const;
    const first = link(emptyStore(), { sharedWith: [{ ...codex, fingerprint: "1" }] });
    const second = link(first.store, { sharedWith: [openCode] });
    const third = link(second.store, { sharedWith: [{ ...codex, fingerprint: "2" }] });
    expect(third.store.accounts[third.alias]?.sharedWith).toEqual([openCode, { ...codex, fingerprint: "2" }]);
  });
});

const alias = (text: string): Alias => parseAlias(text)._unsafeUnwrap();

function linking(login: Partial<NewAccount> | { email: undefined }, more: Partial<Linking> = {}): Linking {
  const whole = {
    accessToken: "at",
    refreshToken: "rt",
    expiresAt: NOW,
    source: "codex",
    accountId: "w",
    ...login,
  } as NewAccount;
  return {
    login: whole,
    id: accountId(`id-${whole.accountId}`),
    same: (account) => account.accountId === whole.accountId,
    now: NOW,
    ...more,
  };
}

function link(
  store: StoreV2,
  login: Partial<NewAccount> | { email: undefined },
  more: Partial<Linking> = {},
) {
  return linkAccount(store, linking(login, more))._unsafeUnwrap();
}
