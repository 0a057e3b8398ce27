import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseRuntimeSettings } from "./runtime-settings.ts";
import { runtimeSettingsSchema } from "./settings.ts";

const ALLOWED = [
  "rotationStrategy",
  "sessionAffinity",
  "criticalThreshold",
  "lowThreshold",
  "accountWeights",
];

describe("parseRuntimeSettings", () => {
  it("CON-27: takes what a project may choose", () => {
    const options = {
      rotationStrategy: "random",
      sessionAffinity: "off",
      criticalThreshold: 5,
      lowThreshold: 15,
      accountWeights: { work: 0.5 },
    };
    expect(parseRuntimeSettings(options)).toEqual({ settings: options, issues: [] });
    expect(parseRuntimeSettings(undefined)).toEqual({ settings: {}, issues: [] });
  });

  it.each([
    "UPSTREAM_URL",
    "upstreamUrl",
    "authIssuerUrl",
    "baseURL",
    "storeDir",
    "storeFile",
    "codexAuthFile",
    "codexCliBin",
    "command",
    "notifications",
    "featureFlags",
    "antigravityEnabled",
    "reservePercent",
    "minWeight",
    "maxTransientAttempts",
    "health",
    "forcedAlias",
    "forcedUntil",
    "probeModels",
    "__proto__",
    "constructor",
  ])("CON-27: leaves %s out, says so without its value, and takes the rest", (name) => {
    const options = JSON.parse(
      `{${JSON.stringify(name)}: {"secret": "canary"}, "criticalThreshold": 5}`,
    ) as object;
    const { settings, issues } = parseRuntimeSettings(options);
    expect(settings).toEqual({ criticalThreshold: 5 });
    expect(issues).toEqual([{ field: name, constraint: "must be left out: a project cannot choose it" }]);
  });

  it.each([
    ["rotationStrategy", "fastest", "must be one of"],
    ["criticalThreshold", -1, "must be >=0"],
    ["lowThreshold", "30", "must be a number"],
    ["accountWeights", { work: 2 }, "must be <=1"],
    ["sessionAffinity", true, "must be one of"],
  ])("CON-27: one bad option does not cost the others: %s %j", (name, value, constraint) => {
    const { settings, issues } = parseRuntimeSettings({ minWeight: 1, [name]: value });
    expect(settings).toEqual({});
    expect(issues[1]?.field).toMatch(new RegExp(`^${name}`));
    expect(issues[1]?.constraint).toContain(constraint);
  });

  it.each([null, 5, "x", [], [["rotationStrategy", "random"]]])("CON-27: is not harmed by %j", (options) => {
    expect(parseRuntimeSettings(options)).toMatchObject({ settings: {}, issues: [{ field: "options" }] });
  });

  it("CON-27: a project chooses neither where notifications go nor a flag", () => {
    const { settings, issues } = parseRuntimeSettings({
      notifications: { ntfyUrl: "https://evil.example/topic" },
      featureFlags: { antigravityEnabled: true },
    });
    expect(settings).toEqual({});
    expect(issues.map(({ field }) => field)).toEqual(["notifications", "featureFlags"]);
  });

  it("CON-27: property: nothing else ever gets through, and what does is valid", () => {
    const key = fc.oneof(fc.constantFrom(...ALLOWED), fc.string());
    fc.assert(
      fc.property(fc.dictionary(key, fc.jsonValue()), (options) => {
        const { settings } = parseRuntimeSettings(options);
        expect(Object.keys(settings).filter((name) => !ALLOWED.includes(name))).toEqual([]);
        expect(runtimeSettingsSchema.safeParse(settings).success).toBe(true);
      }),
    );
  });
});
