import { epochMs, type Account } from "@open-multi-auth/domain";
import { describe, expect, it } from "vitest";
import { EARLIER, earlierJson, earlierText } from "../../test/earlier-stores.ts";
import { parseStore } from "../parse-store.ts";
import { migrateStore } from "./migrate.ts";
import type { Migrated } from "./types.ts";

const AT = epochMs(1_795_000_000_000);

const migrated = (name: (typeof EARLIER)[number]): Migrated => migrateStore(earlierJson(name), AT)!;
const account = ({ store }: Migrated, alias: string): Account | undefined =>
  Object.entries(store.accounts).find(([name]) => name === alias)?.[1];

describe("migrateStore", () => {
  it.each(EARLIER)("STO-02: %s gives a valid store, and the same bytes each time", (name) => {
    const once = JSON.stringify(migrateStore(JSON.parse(earlierText(name)), AT));
    expect(JSON.stringify(migrateStore(JSON.parse(earlierText(name)), AT))).toBe(once);
    const { store } = migrated(name);
    const written = parseStore(new TextEncoder().encode(JSON.stringify(store)));
    expect(written).toEqual({ kind: "store", store, broken: [] });
    expect(Object.keys(store.accounts).length).toBeGreaterThan(0);
  });

  it("STO-02: takes over the first v1", () => {
    const { store, report } = migrated("v1-first");
    expect(report).toEqual({ shape: "v1", broken: [], renamed: [], dropped: [] });
    expect(store).toMatchObject({ version: 2, activeAlias: "work", rotationIndex: 3, settings: {} });
    expect(Object.keys(store.accounts)).toEqual(["work", "home"]);
    expect(account(migrated("v1-first"), "work")).toMatchObject({
      accessToken: "at_work_not_a_real_token",
      refreshToken: "rt_work_not_a_real_token",
      expiresAt: 1_766_000_000_000,
      email: "ann@example.com",
      lastUsed: 1_765_990_000_000,
      usageCount: 42,
      rateLimitedUntil: 1_765_991_000_000,
      enabled: true,
      tags: [],
      source: "import",
      addedAt: AT,
    });
  });

  it("STO-02: takes over the late v1: tags, notes, limits as observed, rests, unknown fields", () => {
    const store = migrated("v1-late");
    const work = account(store, "work");
    expect(work).toMatchObject({
      idToken: "id_work_not_a_real_token",
      accountId: "workspace-1",
      lastRefresh: "2026-02-10T08:00:00.000Z",
      usageCount: 977,
      tags: ["team", "paid"],
      notes: "renew in March",
      source: "codex",
      modelUnsupported: { "gpt-5.2-codex": { until: 1_770_991_800_000, error: "not supported" } },
      workspaceDeactivatedUntil: 1_770_991_800_000,
      workspaceDeactivatedError: "deactivated_workspace",
      lastActiveUntil: 1_770_990_500_000,
      futureField: { kept: [1, null, "x"] },
      observed: {
        fiveHour: { remaining: 37, resetAt: 1_770_999_000_000, windowMinutes: 300 },
        weekly: { remaining: 40, windowMinutes: 10_080, updatedAt: 1_770_980_000_000 },
        at: 1_770_990_000_000,
      },
      rateLimitHistory: [
        { at: 1_770_980_000_000, source: "import", weekly: { remaining: 45, resetAt: null } },
        { at: 1_770_990_000_000, source: "import" },
      ],
    });
    expect(work).not.toHaveProperty("rateLimits");
    expect(work).not.toHaveProperty("lastLimitProbeAt");
    expect(account(store, "client.2")).toMatchObject({
      authInvalid: true,
      limitStatus: "idle",
      limitError: "probe failed",
    });
    expect(store.store.activeAlias).toBe("client.2");
  });

  it("STO-01: hands back an entry that is no account, with field and constraint, and keeps the others", () => {
    const { report } = migrated("v1-late");
    expect(report.broken).toMatchObject([
      { alias: "tokenless", issues: [{ path: "accounts.tokenless.refreshToken" }] },
    ]);
    expect(report.broken[0]?.entry).toEqual(Object(earlierJson("v1-late")["accounts"]).tokenless);
    expect(migrated("account-list").report.broken).toMatchObject([
      { alias: "2", issues: [{ path: "accounts.2.expiresAt" }] },
    ]);
  });

  it("STO-02: keeps the newest 100 entries of a history", () => {
    const history = Array.from({ length: 160 }, (_, n) => ({
      at: 1_000 + ((n * 7) % 160),
      weekly: { remaining: n },
    }));
    const json = earlierJson("v1-first");
    const accounts = {
      work: { ...Object(Object(json["accounts"])["work"]), rateLimitHistory: [...history, null, {}] },
    };
    const kept = account(migrateStore({ ...json, accounts }, AT)!, "work")?.rateLimitHistory.map(
      ({ at }) => at,
    );
    expect(kept).toEqual(Array.from({ length: 100 }, (_, n) => 1_060 + n));
  });

  it("takes over the baseline's v2: force, settings, who disabled an account; drops computed confidence", () => {
    const { store, report } = migrated("baseline-v2");
    expect(store).toMatchObject({
      activeAlias: "work-team",
      forcedAlias: "work-team",
      forcedUntil: 1_890_000_000_000,
      forcedBy: { via: "import", user: "ann" },
      previousRotationStrategy: "least-used",
      rotationStrategy: "weighted-round-robin",
    });
    expect(store.settings).toEqual({
      criticalThreshold: 5,
      accountWeights: { work: 0.25, "work-team": 0.75 },
      featureFlags: { antigravityEnabled: false },
      updatedAt: 1_789_000_000_000,
      updatedBy: "dashboard",
    });
    expect(report.dropped.map(({ path }) => path)).toEqual([
      "settings.lowThreshold",
      "settings.accountWeights.gone",
      "settings.accountWeights.übung",
    ]);
    expect(account(migrated("baseline-v2"), "work-team")).toMatchObject({
      enabled: false,
      disabledBy: { via: "dashboard" },
      disableReason: "over budget",
    });
    expect(JSON.stringify(store)).not.toContain("limitsConfidence");
  });

  it("STO-15: gives aliases that are none a valid one, and says so", () => {
    const { store, report } = migrated("baseline-v2");
    expect(Object.keys(store.accounts)).toEqual(["work", "work-team", "proto", "ubung"]);
    expect(report.renamed).toEqual([
      { from: "work team", to: "work-team" },
      { from: "__proto__", to: "proto" },
      { from: "übung", to: "ubung" },
    ]);
    expect(Object.getPrototypeOf(store.accounts)).toBe(Object.prototype);
  });

  it("AUT-03: takes a list for a list, whatever its version says, and names its accounts", () => {
    const { store, report } = migrated("account-list");
    expect(report.shape).toBe("account-list");
    expect(Object.keys(store.accounts)).toEqual(["ann", "ann-2", "account-2"]);
    expect(store.activeAlias).toBe("ann-2");
    expect(account(migrated("account-list"), "ann")).toMatchObject({
      addedAt: 1_780_000_000_000,
      accountId: "workspace-1",
      source: "opencode",
    });
    expect(account(migrated("account-list"), "ann-2")).toMatchObject({
      enabled: false,
      accountId: "workspace-2",
    });
  });

  it("AUT-03, AUT-12: takes over labelled lists: two workspaces of one e-mail are two accounts", () => {
    const { store } = migrated("oc-codex");
    expect(Object.values(store.accounts)).toMatchObject([
      {
        alias: "Personal",
        tags: ["home"],
        notes: "the first one",
        lastRefresh: "2026-09-20T10:26:40.000Z",
        rateLimitedUntil: 1_789_995_000_000,
        organizationId: "org-1",
        rateLimitResetTimes: { "codex:gpt-5.2-codex": 1_789_999_000_000 },
      },
      { alias: "Acme-Team", accountId: "workspace-2", enabled: false, accessToken: "", expiresAt: 0 },
    ]);
    expect(new Set(Object.values(store.accounts).map(({ id }) => id)).size).toBe(2);
    expect(account(migrated("codex-ma"), "cid")).toMatchObject({ authInvalid: true, recordId: "rec-2" });
    expect(migrated("codex-ma").store.activeAlias).toBe("cid");
  });

  it("gives entries of one identity ids of their own", () => {
    const twin = Object(earlierJson("v1-first")["accounts"]).work;
    const { store } = migrateStore({ accounts: { a: twin, b: twin } }, AT)!;
    expect(store.accounts["a" as never]).not.toMatchObject({ id: Object(store.accounts["b" as never]).id });
  });

  it("never takes over files that renewed tokens would be written to", () => {
    const work = {
      ...Object(earlierJson("v1-first")["accounts"]).work,
      sharedWith: [{ kind: "codex-auth-json" }],
    };
    expect(account(migrateStore({ accounts: { work } }, AT)!, "work")).not.toHaveProperty("sharedWith");
  });

  it.each([
    null,
    [],
    "text",
    {},
    { accounts: 3 },
    { encrypted: true, data: "" },
    { version: 7, accounts: {} },
  ])("STO-03: finds nothing to migrate in %j", (json) => expect(migrateStore(json, AT)).toBeUndefined());

  it("does not take a store of ours for an earlier one", () => {
    const { store } = migrated("v1-first");
    expect(migrateStore(JSON.parse(JSON.stringify(store)), AT)).toBeUndefined();
  });
});
