import { SETTINGS_DEFAULTS, type Settings } from "@open-multi-auth/domain";
import { describe, expect, it } from "vitest";
import { formState, patchOf, undoOf, type Draft } from "./draft.ts";
import { fieldsFor } from "./fields.ts";

const FIELDS = fieldsFor(["work", "dotted.name", "constructor"]);
const SAVED: Settings = { ...SETTINGS_DEFAULTS, accountWeights: { work: 0.5 } };
const form = (draft: Draft) => formState(FIELDS, SAVED, draft);
const problems = (draft: Draft) => form(draft).problems;

describe("formState", () => {
  it("shows what is saved where nothing was typed, and counts no change", () => {
    const { texts, changed } = form({});
    expect(texts).toMatchObject({
      criticalThreshold: "10",
      "accountWeights.work": "0.5",
      "accountWeights.constructor": "1",
      "reservePercent.dotted.name": "0",
      "featureFlags.antigravityEnabled": "off",
    });
    expect(changed).toEqual([]);
    expect(form({ criticalThreshold: "10.0 ", "accountWeights.work": "0,5" }).changed).toEqual([]);
  });

  it("takes a comma in a threshold as it does in a weight", () => {
    expect(problems({ criticalThreshold: "12,5" })).toEqual({});
    expect(problems({ criticalThreshold: "12,5", lowThreshold: "12,4" })).toEqual({
      criticalThreshold: "Must be below low, 12.4",
    });
  });

  it.each<[string, Draft, string]>([
    ["notifications.ntfyUrl", { "notifications.ntfyUrl": "ntfy.sh/topic" }, "An https address, or empty"],
    ["criticalThreshold", { criticalThreshold: "" }, "Must be a number"],
    ["criticalThreshold", { criticalThreshold: "ten" }, "Must be a number"],
    ["criticalThreshold", { criticalThreshold: "-1" }, "From 0 to 100"],
    ["lowThreshold", { lowThreshold: "100.5" }, "From 0 to 100"],
    ["criticalThreshold", { criticalThreshold: "35" }, "Must be below low, 30"],
    ["criticalThreshold", { criticalThreshold: "30" }, "Must be below low, 30"],
    ["lowThreshold", { lowThreshold: "5" }, "Must be above critical, 10"],
    ["criticalThreshold", { criticalThreshold: "60", lowThreshold: "50" }, "Must be below low, 50"],
    ["accountWeights.work", { "accountWeights.work": "1.5" }, "Above 0, at most 1"],
    ["accountWeights.work", { "accountWeights.work": "0" }, "Above 0, at most 1"],
    ["reservePercent.work", { "reservePercent.work": "101" }, "From 0 to 100"],
    ["maxTransientAttempts", { maxTransientAttempts: "2.5" }, "A whole number from 1 to 20"],
    ["probeIntervalMs", { probeIntervalMs: "59999" }, "From a minute to a day"],
    ["probeModels", { probeModels: "gpt-5.5, Bad One" }, "Bad One is no name of a model"],
    ["probeModels", { probeModels: "" }, "At least one name, no empty one"],
  ])("says at %s what must hold for %j", (key, draft, problem) => {
    expect(problems(draft)).toEqual({ [key]: problem });
  });

  it("takes both thresholds together where each alone would contradict", () => {
    expect(problems({ criticalThreshold: "40", lowThreshold: "60" })).toEqual({});
  });

  it("judges like the server: what it lets through is what the domain's schema takes", async () => {
    const { changeSettings, emptyStore } = await import("@open-multi-auth/domain");
    const store = { ...emptyStore(), settings: {} };
    for (const text of ["0", "100", "29.9", "1e1", "30", "-0.1", "100.1"]) {
      const state = formState(FIELDS, SETTINGS_DEFAULTS, { criticalThreshold: text });
      const isFine = Object.keys(state.problems).length === 0;
      expect([text, changeSettings(store, { criticalThreshold: Number(text) }).isOk()]).toEqual([
        text,
        isFine,
      ]);
    }
  });
});

describe("patchOf", () => {
  it("has only what was changed, each part under its setting", () => {
    expect(
      patchOf(
        form({
          criticalThreshold: "5",
          "accountWeights.dotted.name": "0.25",
          "accountWeights.constructor": "0.75",
          "featureFlags.antigravityEnabled": "on",
          probeModels: "gpt-5.5,gpt-6-luna",
        }),
      ),
    ).toEqual({
      criticalThreshold: 5,
      accountWeights: { "dotted.name": 0.25, constructor: 0.75 },
      featureFlags: { antigravityEnabled: true },
      probeModels: ["gpt-5.5", "gpt-6-luna"],
    });
  });

  it("saves no default: it goes back to it", () => {
    expect(patchOf(form({ "accountWeights.work": "1" }))).toEqual({ accountWeights: { work: null } });
  });
});

describe("undoOf", () => {
  it("brings back what was, for the fields that were changed alone", () => {
    const { changed } = form({ "accountWeights.work": "1", criticalThreshold: "5" });
    expect(undoOf(changed, SAVED)).toEqual({ criticalThreshold: null, accountWeights: { work: 0.5 } });
  });
});
