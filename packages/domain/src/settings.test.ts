import { describe, expect, it } from "vitest";
import {
  persistedSettingsSchema,
  resolveSettings,
  runtimeSettingsSchema,
  settingsSchema,
  type SettingsLayers,
} from "./settings.ts";
import { SETTINGS_DEFAULTS } from "./settings-defaults.ts";

const resolve = (layers: Partial<SettingsLayers>) =>
  resolveSettings({ persisted: {}, runtime: {}, environment: {}, ...layers });

describe("resolveSettings", () => {
  it("SET-01: is the defaults where nobody chose, and each says so", () => {
    const { settings, origins, contradictory } = resolve({});
    expect(settings).toEqual(SETTINGS_DEFAULTS);
    expect(new Set(Object.values(origins))).toEqual(new Set(["default"]));
    expect(Object.keys(origins)).toEqual(Object.keys(settingsSchema.shape));
    expect(contradictory).toEqual([]);
  });

  it("SET-01: takes defaults < persisted < runtime < environment, with the origin of each value", () => {
    const { settings, origins } = resolve({
      persisted: { rotationStrategy: "least-used", criticalThreshold: 1, lowThreshold: 41, minWeight: 0.5 },
      runtime: { rotationStrategy: "random", criticalThreshold: 2, sessionAffinity: "off" },
      environment: { rotationStrategy: "weighted-round-robin" },
    });
    expect(settings).toEqual({
      ...SETTINGS_DEFAULTS,
      rotationStrategy: "weighted-round-robin",
      criticalThreshold: 2,
      lowThreshold: 41,
      sessionAffinity: "off",
      minWeight: 0.5,
    });
    expect(origins).toMatchObject({
      rotationStrategy: "environment",
      criticalThreshold: "runtime",
      lowThreshold: "persisted",
      sessionAffinity: "runtime",
      minWeight: "persisted",
      maxTransientAttempts: "default",
    });
  });

  it("does not let a layer unset what is under it", () => {
    const { settings, origins } = resolve({ persisted: { criticalThreshold: 7, lowThreshold: undefined } });
    expect(settings).toMatchObject({ criticalThreshold: 7, lowThreshold: 30 });
    expect(origins["lowThreshold"]).toBe("default");
  });

  it("leaves out both thresholds of a layer that contradicts, keeps its rest, and names it", () => {
    const { settings, origins, contradictory } = resolve({
      persisted: { criticalThreshold: 20 },
      runtime: { criticalThreshold: 5, lowThreshold: 15, rotationStrategy: "random" },
      environment: { lowThreshold: 5, rotationStrategy: "least-used" },
    });
    expect(settings).toMatchObject({
      criticalThreshold: 5,
      lowThreshold: 15,
      rotationStrategy: "least-used",
    });
    expect(origins).toMatchObject({ lowThreshold: "runtime", rotationStrategy: "environment" });
    expect(contradictory).toEqual(["environment"]);
  });

  it("is valid whichever thresholds the layers have", () => {
    for (const criticalThreshold of [0, 10, 30, 31, 100]) {
      for (const lowThreshold of [0, 10, 29, 30, 100]) {
        const { settings } = resolve({ persisted: { criticalThreshold }, environment: { lowThreshold } });
        expect(settings.criticalThreshold).toBeLessThan(settings.lowThreshold);
      }
    }
  });

  it("uses nothing that is no setting, whatever it is called", () => {
    const odd = JSON.parse(
      `{"__proto__": {"minWeight": 1}, "constructor": 1, "UPSTREAM_URL": "x"}`,
    ) as object;
    const { settings, origins } = resolve({ persisted: odd });
    expect(settings).toEqual(SETTINGS_DEFAULTS);
    expect(Object.keys(settings)).toEqual(Object.keys(SETTINGS_DEFAULTS));
    expect(Object.keys(origins)).toEqual(Object.keys(SETTINGS_DEFAULTS));
  });
});

describe("runtimeSettingsSchema", () => {
  it("CON-27: takes strategy, affinity, thresholds and weights of a project's configuration, and nothing else", () => {
    const allowed = {
      rotationStrategy: "random",
      sessionAffinity: "off",
      criticalThreshold: 5,
      lowThreshold: 15,
      accountWeights: { work: 0.5 },
    };
    const written = {
      ...allowed,
      UPSTREAM_URL: "https://evil.example",
      upstreamUrl: "https://evil.example",
      AUTH_ISSUER_URL: "https://evil.example",
      STORE_DIR: "/tmp/evil",
      storeFile: "/tmp/evil.json",
      CODEX_CLI_BIN: "/tmp/evil",
      notifications: { command: "evil" },
      featureFlags: { antigravityEnabled: true },
      reservePercent: { work: 100 },
      health: { downAfter: 1 },
      maxTransientAttempts: 20,
      forcedAlias: "work",
    };
    expect(runtimeSettingsSchema.parse(written)).toEqual(allowed);
  });

  it.each([
    ["rotationStrategy", "fastest"],
    ["criticalThreshold", -1],
    ["lowThreshold", 101],
    ["accountWeights", { work: 0 }],
    ["accountWeights", { work: 1.1 }],
    ["sessionAffinity", true],
  ])("names %s where it cannot be %j", (name, value) => {
    const { error } = runtimeSettingsSchema.safeParse({ [name]: value });
    expect(error?.issues[0]?.path[0]).toBe(name);
  });
});

describe("persistedSettingsSchema", () => {
  it("keeps settings that this version does not know", () => {
    const stored = { criticalThreshold: 5, fromTheFuture: { deep: 1 } };
    expect(persistedSettingsSchema.parse(stored)).toEqual(stored);
  });
});
