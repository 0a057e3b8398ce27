import { SETTINGS_DEFAULTS } from "@open-multi-auth/domain";
import { describe, expect, it } from "vitest";
import { fieldsFor } from "./fields.ts";
import { presetTexts } from "./form.ts";
import { changesNothing, importRows } from "./import-words.ts";
import { serverProblems } from "./server-problems.ts";
import { sharesOf } from "./shares.ts";
import { zonePins } from "./zone-pins.ts";

describe("presetTexts", () => {
  it("SET-06: puts a preset's thresholds into the form, and makes weights equal where it says so", () => {
    const fields = fieldsFor(["work"]);
    expect(presetTexts(fields, "aggressive")).toEqual({ criticalThreshold: "20", lowThreshold: "40" });
    expect(presetTexts(fields, "balanced")).toEqual({
      criticalThreshold: "10",
      lowThreshold: "30",
      "accountWeights.work": "1",
    });
  });
});

describe("sharesOf", () => {
  const accounts = [
    { alias: "a", enabled: true },
    { alias: "b", enabled: true },
    { alias: "off", enabled: false },
  ];
  const texts = { "accountWeights.a": "1", "accountWeights.b": "0,5", "accountWeights.off": "1" };

  it("is of the enabled accounts, and of those without a wrong weight", () => {
    expect([...sharesOf(accounts, { texts, problems: {} }, 0.01)]).toEqual([
      ["a", 2 / 3],
      ["b", 1 / 3],
    ]);
    const problems = { "accountWeights.b": "wrong" };
    expect([...sharesOf(accounts, { texts, problems }, 0.01)]).toEqual([["a", 1]]);
  });

  it("counts no weight under the least one", () => {
    const tiny = { ...texts, "accountWeights.b": "0.001" };
    expect(sharesOf(accounts, { texts: tiny, problems: {} }, 0.25).get("b")).toBe(0.2);
  });
});

describe("zonePins", () => {
  it("places each enabled account by its tightest window, near names on two lines", () => {
    const accounts = [
      account("far", 90, 95),
      account("near", 48, 70),
      account("first", 80, 41),
      account("off", 5, 5, false),
      { alias: "unknown", enabled: true, limits: null },
    ];
    expect(zonePins(accounts)).toEqual([
      { alias: "first", left: 41, isHigh: false },
      { alias: "near", left: 48, isHigh: true },
      { alias: "far", left: 90, isHigh: false },
    ]);
  });
});

describe("serverProblems", () => {
  it("shows what the server found at the field that it names", () => {
    const issues = [
      {
        field: "criticalThreshold",
        constraint: "must be below lowThreshold (15, which the environment sets)",
      },
      "odd",
      { field: 1 },
    ];
    expect(serverProblems({ code: "VALIDATION_ERROR", message: "", details: { issues } })).toEqual({
      criticalThreshold: "Must be below lowThreshold (15, which the environment sets)",
    });
    expect(serverProblems({ code: "STORE_LOCKED", message: "" })).toEqual({});
  });
});

describe("importRows", () => {
  const nothing = { dryRun: true, added: [], removed: [], changed: [], settings: [], kept: [], renamed: [] };

  it("says of each account what would become of it, changes first", () => {
    expect(
      importRows({
        ...nothing,
        kept: [{ alias: "lab", fields: ["notes"] }],
        added: ["studio-2"],
        renamed: [{ from: "studio", to: "studio-2" }],
        changed: [{ alias: "work", fields: ["tags", "notes"] }],
        settings: ["rotationStrategy"],
      }),
    ).toEqual([
      { what: "studio-2", how: "is added; there it is called studio", isChange: true },
      { what: "work", how: "gets tags, notes", isChange: true },
      { what: "Settings", how: "rotationStrategy change", isChange: true },
      { what: "lab", how: "stays as it is; differs in notes", isChange: false },
    ]);
  });

  it("knows when nothing would change", () => {
    expect(changesNothing({ ...nothing, kept: [{ alias: "lab", fields: ["notes"] }] })).toBe(true);
    expect(changesNothing({ ...nothing, added: ["new"] })).toBe(false);
  });
});

it("has a field for every setting that a person decides about here", () => {
  const settings = new Set(fieldsFor(["work"]).map(({ setting }) => setting));
  expect(Object.keys(SETTINGS_DEFAULTS).filter((name) => !settings.has(name as never))).toEqual([
    "minWeight",
    "workspaceRestMs",
    "modelRestMs",
    "health",
  ]);
});

const limits = (five: number, week: number) => ({
  fiveHour: { remaining: five, used: 0, resetAt: null, windowMinutes: 300 },
  weekly: { remaining: week, used: 0, resetAt: null, windowMinutes: 10_080 },
  at: "",
  source: { kind: "usage-endpoint" as const },
});

const account = (alias: string, five: number, week: number, enabled = true) => ({
  alias,
  enabled,
  limits: limits(five, week),
});
