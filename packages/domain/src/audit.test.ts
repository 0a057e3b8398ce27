import { describe, expect, it } from "vitest";
import { newAccount, type Account } from "./account.ts";
import { auditChanges, auditEntrySchema } from "./audit.ts";
import { accountId, parseAlias } from "./ids.ts";
import { emptyStore, type StoreV2 } from "./store.ts";
import { epochMs } from "./time.ts";

const WORK = account("work");
const STORE = storeOf(WORK);

describe("auditChanges", () => {
  it("says nothing where nothing was decided", () => {
    expect(auditChanges(STORE, STORE)).toEqual([]);
    const measured = { ...WORK, usageCount: 9, rateLimitedUntil: epochMs(5), accessToken: "renewed" };
    const state = { ...storeOf(measured), rotation: { cursor: 9, starts: 9, current: {} } };
    expect(auditChanges(STORE, state)).toEqual([]);
  });

  it("gives each field with what it was and what it is", () => {
    const after: StoreV2 = {
      ...storeOf({ ...WORK, enabled: false, disableReason: "holiday", tags: ["x"], notes: "n" }),
      activeAlias: WORK.alias,
      rotationStrategy: "random",
      settings: {
        criticalThreshold: 5,
        accountWeights: { work: 0.5 },
        featureFlags: { antigravityEnabled: true },
      },
    };
    expect(auditChanges(STORE, after)).toEqual([
      { field: "rotationStrategy", from: "round-robin", to: "random" },
      { field: "activeAlias", from: null, to: "work" },
      { field: "settings.criticalThreshold", from: null, to: 5 },
      { field: "settings.accountWeights.work", from: null, to: 0.5 },
      { field: "settings.featureFlags.antigravityEnabled", from: null, to: true },
      { field: "accounts.work.enabled", from: true, to: false },
      { field: "accounts.work.disableReason", from: null, to: "holiday" },
      { field: "accounts.work.tags", from: [], to: ["x"] },
      { field: "accounts.work.notes", from: null, to: "n" },
    ]);
  });

  it("follows an account by its id: linked, renamed, linked anew, removed", () => {
    expect(auditChanges(emptyStore(), STORE)).toEqual([{ field: "accounts.work", from: null, to: "linked" }]);
    expect(auditChanges(STORE, emptyStore())).toEqual([{ field: "accounts.work", from: "linked", to: null }]);
    const alias = parseAlias("office")._unsafeUnwrap();
    expect(auditChanges(STORE, storeOf({ ...WORK, alias }))).toEqual([
      { field: "accounts.work.alias", from: "work", to: "office" },
    ]);
    expect(auditChanges(STORE, storeOf({ ...WORK, refreshToken: "rt_other_canary" }))).toEqual([
      { field: "accounts.work.login", from: "present", to: "replaced" },
    ]);
  });

  it("keeps the topic to itself that notifications go to", () => {
    const before = emptyStore();
    const notifications = { toast: true, desktop: false, ntfyUrl: "https://ntfy.example/topic-canary" };
    expect(auditChanges(before, { ...before, settings: { notifications } })).toContainEqual({
      field: "settings.notifications.ntfyUrl",
      from: null,
      to: "https://ntfy.example/...",
    });
  });

  it("AUT-08: holds no secret, wherever one was put", () => {
    const token = "rt_canary1234567890";
    const full: Account = {
      ...WORK,
      accessToken: token,
      refreshToken: `${token}x`,
      idToken: `${token}y`,
      email: "canary@example.com",
      notes: `my token is ${token}`,
      disableReason: `Bearer ${token}`,
      tags: [token],
    };
    const entry = {
      at: epochMs(1),
      actor: { via: "cli" as const },
      action: "account.edit",
      changes: [...auditChanges(STORE, storeOf(full)), ...auditChanges(emptyStore(), storeOf(full))],
    };
    expect(auditEntrySchema.safeParse(entry).success).toBe(true);
    expect(JSON.stringify(entry)).not.toContain("canary");
  });
});

function account(name: string): Account {
  const login = { accessToken: "a", refreshToken: "r", expiresAt: epochMs(0), source: "codex" } as const;
  return newAccount(accountId(`id-${name}`), parseAlias(name)._unsafeUnwrap(), login, epochMs(0));
}

function storeOf(...accounts: Account[]): StoreV2 {
  return { ...emptyStore(), accounts: Object.fromEntries(accounts.map((one) => [one.alias, one])) };
}
