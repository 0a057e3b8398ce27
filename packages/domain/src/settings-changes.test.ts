import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { newAccount } from "./account.ts";
import { withStrategy } from "./force.ts";
import { accountId, parseAlias } from "./ids.ts";
import { PRESETS } from "./preset-patches.ts";
import { applyPreset } from "./presets.ts";
import { resolveSettings, settingsSchema, type Settings } from "./settings.ts";
import { SETTINGS_DEFAULTS } from "./settings-defaults.ts";
import { changeSettings, persistedSettings, resetSettings } from "./settings-changes.ts";
import { emptyStore, storeSchema, type StoreV2 } from "./store.ts";
import { epochMs } from "./time.ts";

const STORE = storeOf("work", "home", "dotted.name", "__proto__");
const change = (patch: unknown, store: StoreV2 = STORE) => changeSettings(store, patch);
const changed = (patch: unknown, store?: StoreV2) => change(patch, store)._unsafeUnwrap();
const issuesOf = (patch: unknown, store?: StoreV2) => change(patch, store)._unsafeUnwrapErr().details.issues;
const effective = (store: StoreV2): Settings => resolved(store).settings;
const resolved = (store: StoreV2) =>
  resolveSettings({ persisted: persistedSettings(store), runtime: {}, environment: {} });

describe("changeSettings", () => {
  it("SET-02: takes what is valid, and the rest stays as it was", () => {
    const first = changed({
      criticalThreshold: 0,
      lowThreshold: 100,
      accountWeights: { work: 1, home: 0.001 },
    });
    const second = changed({ minWeight: 1, accountWeights: { work: 0.5 }, health: { downAfter: 7 } }, first);
    expect(effective(second)).toEqual({
      ...SETTINGS_DEFAULTS,
      criticalThreshold: 0,
      lowThreshold: 100,
      minWeight: 1,
      accountWeights: { work: 0.5, home: 0.001 },
      health: { ...SETTINGS_DEFAULTS.health, downAfter: 7 },
    });
    expect(storeSchema.safeParse(second).success).toBe(true);
  });

  it.each<[string, unknown, string]>([
    ["criticalThreshold", -1, "must be >=0"],
    ["criticalThreshold", 100.1, "must be <=100"],
    ["criticalThreshold", 30, "must be below lowThreshold (30)"],
    ["lowThreshold", 101, "must be <=100"],
    ["lowThreshold", 10, "must be above criticalThreshold (10)"],
    ["lowThreshold", "40", "must be a number"],
    ["minWeight", 0, "must be >0"],
    ["minWeight", 1.01, "must be <=1"],
    ["maxTransientAttempts", 0, "must be >=1"],
    ["maxTransientAttempts", 2.5, "must be a whole number"],
    ["modelRestMs", -1, "must be >=0"],
    ["rotationStrategy", "fastest", "must be one of"],
    ["sessionAffinity", true, "must be one of"],
    ["accountWeights", 5, "must be an object"],
    ["accountWeights", [1], "must be an object"],
    ["health", "well", "must be an object"],
    ["upstreamUrl", "https://evil.example", "there is no such setting"],
    ["forcedAlias", "work", "there is no such setting"],
    ["constructor", 1, "there is no such setting"],
  ])("SET-02: names field and constraint: %s %j %s", (field, value, constraint) => {
    expect(issuesOf({ [field]: value })).toEqual([
      { field, constraint: expect.stringContaining(constraint), value: expect.anything() },
    ]);
  });

  it.each<[string, unknown, string]>([
    ["accountWeights.work", { accountWeights: { work: 0 } }, "must be >0"],
    ["accountWeights.work", { accountWeights: { work: 1.1 } }, "must be <=1"],
    ["accountWeights.work", { accountWeights: { work: "1" } }, "must be a number"],
    ["accountWeights.__proto__", JSON.parse('{"accountWeights": {"__proto__": 9}}'), "must be <=1"],
    ["accountWeights.nobody", { accountWeights: { nobody: 1 } }, "must name an account of the pool"],
    ["accountWeights.toString", { accountWeights: { toString: 1 } }, "must name an account of the pool"],
    ["reservePercent.work", { reservePercent: { work: 101 } }, "must be <=100"],
    ["health.downAfter", { health: { downAfter: 0 } }, "must be >=1"],
    ["health.worse", { health: { worse: 1 } }, "there is no such setting"],
    [
      "featureFlags.antigravityEnabled",
      { featureFlags: { antigravityEnabled: "yes" } },
      "must be true or false",
    ],
    ["featureFlags.other", { featureFlags: { other: true } }, "there is no such setting"],
  ])("SET-02: names the part of a setting: %s of %j", (field, patch, constraint) => {
    expect(issuesOf(patch)).toMatchObject([{ field, constraint: expect.stringContaining(constraint) }]);
  });

  it.each([null, undefined, 5, "x", [], [{ criticalThreshold: 5 }]])(
    "SET-02: refuses %j as a whole",
    (patch) => {
      expect(issuesOf(patch)).toMatchObject([{ field: "settings", constraint: "must be an object" }]);
    },
  );

  it("SET-02: applies nothing partly, and names all that is wrong", () => {
    const patch = { minWeight: 0.5, criticalThreshold: 200, accountWeights: { nobody: 1 }, colour: "red" };
    expect(issuesOf(patch).map(({ field }) => field)).toEqual([
      "criticalThreshold",
      "accountWeights.nobody",
      "colour",
    ]);
    expect(issuesOf({ rotationStrategy: "random", criticalThreshold: 30 })).toHaveLength(1);
  });

  it("takes both thresholds together where each alone would contradict", () => {
    expect(effective(changed({ criticalThreshold: 50, lowThreshold: 60 }))).toMatchObject({
      criticalThreshold: 50,
      lowThreshold: 60,
    });
  });

  it("SET-02: says which layer insists where a change would contradict a higher one", () => {
    const refused = (patch: object, layer: object) =>
      changeSettings(STORE, patch, { runtime: {}, environment: layer })._unsafeUnwrapErr().details.issues;
    expect(refused({ criticalThreshold: 20 }, { lowThreshold: 15 })).toMatchObject([
      {
        field: "criticalThreshold",
        constraint: "must be below lowThreshold (15, which the environment sets)",
      },
    ]);
    expect(refused({ criticalThreshold: 5, lowThreshold: 15 }, { criticalThreshold: 20 })).toMatchObject([
      {
        field: "lowThreshold",
        constraint: "must be above criticalThreshold (20, which the environment sets)",
      },
    ]);
    const other = { runtime: { lowThreshold: 15 }, environment: {} };
    const { issues } = changeSettings(STORE, { criticalThreshold: 20 }, other)._unsafeUnwrapErr().details;
    expect(issues[0]?.constraint).toContain("which the runtime sets");
    const isUnrelated = changeSettings(
      STORE,
      { minWeight: 1 },
      { runtime: {}, environment: { lowThreshold: 5 } },
    );
    expect(isUnrelated.isOk()).toBe(true);
  });

  it("null goes back to the default, and leaves nothing behind", () => {
    const patch = { criticalThreshold: 5, accountWeights: { work: 0.5 }, health: { upAfter: 9 } };
    const back = { criticalThreshold: null, accountWeights: { work: null }, health: { upAfter: null } };
    expect(changed(back, changed(patch))).toEqual(STORE);
    expect(changed({ accountWeights: null, health: null }, changed(patch)).settings).toEqual({
      criticalThreshold: 5,
    });
  });

  it("keeps settings of a newer version, and weights under any alias", () => {
    const newer: StoreV2 = { ...STORE, settings: { fromTheFuture: 1 } };
    expect(changed({ minWeight: 1 }, newer).settings).toEqual({ fromTheFuture: 1, minWeight: 1 });
    const odd = changed(JSON.parse('{"accountWeights": {"__proto__": 0.5, "dotted.name": 0.25}}'));
    expect(JSON.stringify(odd.settings.accountWeights)).toBe('{"__proto__":0.5,"dotted.name":0.25}');
  });

  it("shows no secret that was pasted amiss", () => {
    const secret = `rt_${"canary".repeat(20)}`;
    for (const patch of [
      { rotationStrategy: secret },
      { [secret]: 1 },
      secret,
      { accountWeights: { work: secret } },
    ]) {
      const found = change(patch)._unsafeUnwrapErr();
      const values = found.details.issues.map(({ value }) => value);
      expect(JSON.stringify(values)).not.toContain("canary");
    }
  });

  it("SET-02: names a value that is nested too deeply to be shown", () => {
    const deep: unknown = JSON.parse("[".repeat(100_000) + "]".repeat(100_000));
    expect(issuesOf({ criticalThreshold: deep })).toEqual([
      { field: "criticalThreshold", constraint: "must be a number", value: "object" },
    ]);
  });

  it("SET-02: the longest rest of an account is not below the shortest", () => {
    const { restMinMs } = SETTINGS_DEFAULTS.health;
    expect(issuesOf({ health: { restMaxMs: restMinMs - 1 } })).toMatchObject([
      { field: "health.restMaxMs", constraint: "must not be below restMinMs" },
    ]);
    expect(change({ health: { restMaxMs: restMinMs } }).isOk()).toBe(true);
  });

  it.each(["https://ntfy.example", "https://ntfy.example/"])(
    "SET-02: refuses an ntfy server without a topic (%s)",
    (ntfyUrl) =>
      expect(issuesOf({ notifications: { ntfyUrl } })).toMatchObject([
        { field: "notifications.ntfyUrl", constraint: "must name a topic, as https://ntfy.sh/your-topic" },
      ]),
  );

  it("SET-02: says where notifications may go", () => {
    for (const ntfyUrl of ["ntfy.sh/topic", "http://ntfy.sh/topic", "https://ann:pw@ntfy.sh/topic", ""]) {
      const refused = changeSettings(emptyStore(), { notifications: { ntfyUrl } })._unsafeUnwrapErr();
      expect(refused.details.issues).toMatchObject([
        { field: "notifications.ntfyUrl", constraint: expect.stringMatching(/^must be an https URL/) },
      ]);
    }
    const set = changeSettings(emptyStore(), { notifications: { ntfyUrl: "https://ntfy.sh/topic" } });
    expect(set._unsafeUnwrap().settings.notifications).toEqual({
      toast: true,
      desktop: false,
      ntfyUrl: "https://ntfy.sh/topic",
    });
    const reset = changeSettings(set._unsafeUnwrap(), { notifications: { ntfyUrl: null } });
    expect(reset._unsafeUnwrap().settings).toEqual({});
  });

  it("SET-02: property: whatever is sent is refused and changes nothing, or leaves settings that are valid", () => {
    const odd = fc.oneof(fc.double(), fc.string(), fc.boolean(), fc.constant(null), fc.jsonValue());
    const mostly = (usual: fc.Arbitrary<unknown>) =>
      fc.oneof({ weight: 15, arbitrary: usual }, { weight: 1, arbitrary: odd });
    const percent = mostly(fc.integer({ min: 0, max: 100 }));
    const weight = mostly(fc.double({ min: 0.01, max: 1, noNaN: true }));
    const alias = fc.oneof({ weight: 15, arbitrary: fc.constantFrom("work", "home") }, fc.constant("nobody"));
    const patches = fc.record(
      {
        criticalThreshold: percent,
        lowThreshold: percent,
        minWeight: weight,
        accountWeights: mostly(fc.dictionary(alias, weight)),
        reservePercent: mostly(fc.dictionary(alias, percent)),
        rotationStrategy: mostly(fc.constantFrom("random", "least-used")),
        health: mostly(fc.record({ downAfter: mostly(fc.integer({ min: 1 })) }, { requiredKeys: [] })),
      },
      { requiredKeys: [] },
    );
    let taken = 0;
    fc.assert(
      fc.property(fc.array(patches, { maxLength: 5 }), (all) => {
        let store = STORE;
        for (const patch of all) {
          const next = change(patch, store);
          if (next.isErr()) continue;
          taken += 1;
          store = next.value;
          expect(storeSchema.safeParse(store).error).toBeUndefined();
          const { settings, contradictory } = resolved(store);
          expect(contradictory).toEqual([]);
          expect(settingsSchema.safeParse(settings).error).toBeUndefined();
          expect(settings.criticalThreshold).toBeLessThan(settings.lowThreshold);
        }
      }),
      { numRuns: 1_000 },
    );
    expect(taken).toBeGreaterThan(100);
  });
});

describe("applyPreset", () => {
  it.each([
    ["Balanced", 10, 30, {}],
    ["conservative", 5, 15, { work: 0.5 }],
    ["AGGRESSIVE", 20, 40, { work: 0.5 }],
  ])(
    "SET-06: %s is critical %d, low %d, weights %j",
    (name, criticalThreshold, lowThreshold, accountWeights) => {
      const before = changed({ accountWeights: { work: 0.5 }, lowThreshold: 90, maxTransientAttempts: 9 });
      const after = effective(applyPreset(before, name)._unsafeUnwrap());
      expect(after).toEqual({ ...effective(before), criticalThreshold, lowThreshold, accountWeights });
    },
  );

  it.each(["bold", "", 5, null, "constructor"])("SET-06: names the presets where %j is none", (name) => {
    expect(applyPreset(STORE, name)._unsafeUnwrapErr().details.issues).toMatchObject([
      { field: "preset", constraint: `must be one of ${Object.keys(PRESETS).join(", ")}` },
    ]);
  });

  it("SET-11: passes the same validation as any change", () => {
    const environment = { criticalThreshold: 20 };
    const refused = applyPreset(STORE, "conservative", { runtime: {}, environment });
    expect(refused._unsafeUnwrapErr().details.issues[0]?.field).toBe("lowThreshold");
  });
});

describe("resetSettings", () => {
  it("SET-11: deletes what is persisted, so that each value is the default and says so", () => {
    const all = changed({
      rotationStrategy: "random",
      criticalThreshold: 1,
      accountWeights: { work: 0.5 },
      featureFlags: { antigravityEnabled: true },
    });
    expect(new Set(Object.values(resolved(all).origins))).toEqual(new Set(["default", "persisted"]));
    const { settings, origins } = resolved(resetSettings(all));
    expect(settings).toEqual(SETTINGS_DEFAULTS);
    expect(new Set(Object.values(origins))).toEqual(new Set(["default"]));
  });

  it("FRC-10: leaves a force alone, and the default strategy waits for its end", () => {
    const forced: StoreV2 = {
      ...withStrategy(STORE, "random"),
      forcedAlias: parseAlias("work")._unsafeUnwrap(),
      previousRotationStrategy: "random",
    };
    expect(resetSettings(forced)).toEqual({ ...forced, previousRotationStrategy: "round-robin" });
  });
});

function storeOf(...names: string[]): StoreV2 {
  const accounts = names.map((name) => {
    const alias = parseAlias(name)._unsafeUnwrap();
    const login = { accessToken: "a", refreshToken: "r", expiresAt: epochMs(0), source: "codex" } as const;
    return [alias, newAccount(accountId(`id-${name}`), alias, login, epochMs(0))] as const;
  });
  return { ...emptyStore(), accounts: Object.fromEntries(accounts) };
}
