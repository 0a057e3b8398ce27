import { describe, expect, it } from "vitest";
import { decisionRecordSchema, type DecisionRecord } from "./decision-record.ts";
import { changeEntry, incidentEntry, logEntrySchema, requestEntry } from "./log-entry.ts";
import { epochMs } from "./time.ts";

const AT = epochMs(1_795_262_400_000);
const ISO = "2026-11-21T12:00:00.000Z";

describe("requestEntry", () => {
  it.each([
    [
      { model: "gpt-5.5" },
      { level: "info", message: "gpt-5.5 answered by work; first byte after 812 ms", aliases: ["work"] },
    ],
    [
      {
        attempts: [
          { alias: "home", verdict: "quota" as const, status: 429, ms: 1 },
          { alias: "work", verdict: "served" as const, ms: 1 },
        ],
      },
      {
        level: "warning",
        message: "a request answered by work; first byte after 812 ms; home: quota (429)",
        aliases: ["home", "work"],
      },
    ],
    [
      { outcome: "refused" as const, selectedAlias: null, attempts: [] },
      { level: "error", message: "a request refused, no account could answer", aliases: [] },
    ],
    [
      { outcome: "aborted" as const },
      { level: "info", message: "a request called off while work answered", aliases: ["work"] },
    ],
  ])("says how a request went: %j", (over, expected) => {
    const entry = requestEntry(record(over));
    expect(entry).toMatchObject({ at: ISO, source: "request", requestId: "r1", ...expected });
    expect(logEntrySchema.safeParse(entry).success).toBe(true);
  });
});

describe("changeEntry", () => {
  it("says who changed what, and finds the accounts, dots in their names or not", () => {
    const entry = changeEntry({
      at: AT,
      actor: { via: "dashboard", user: "ann" },
      action: "account.disable",
      changes: [
        { field: "accounts.a.b.enabled", from: true, to: false },
        { field: "accounts.new", from: null, to: "linked" },
        { field: "forcedAlias", from: "c", to: null },
        { field: "settings.criticalThreshold", from: 10, to: 5 },
      ],
    });
    expect(entry).toEqual({
      at: ISO,
      level: "info",
      source: "change",
      aliases: ["a.b", "new", "c"],
      message:
        "account.disable by ann (dashboard): accounts.a.b.enabled true -> false, accounts.new none -> linked, " +
        "forcedAlias c -> none, settings.criticalThreshold 10 -> 5",
    });
  });
});

describe("incidentEntry", () => {
  it("is the incident with its code", () => {
    const incident = {
      at: AT,
      kind: "problem",
      level: "warning",
      code: "STORE_LOCKED",
      message: "held",
    } as const;
    expect(incidentEntry(incident)).toMatchObject({
      level: "warning",
      aliases: [],
      message: "STORE_LOCKED: held",
    });
    expect(incidentEntry({ ...incident, alias: "work" }).aliases).toEqual(["work"]);
  });
});

function record(over: Partial<DecisionRecord>): DecisionRecord {
  return decisionRecordSchema.parse({
    requestId: "r1",
    at: AT,
    strategy: "round-robin",
    selectedAlias: "work",
    why: "strategy",
    fallbackReason: null,
    forceState: { active: false },
    enabledState: { enabled: 2, disabled: 0 },
    candidates: [],
    attempts: [{ alias: "work", verdict: "served", ms: 10 }],
    outcome: "served",
    firstByteMs: 812.4,
    totalMs: 900,
    replay: { now: AT },
    ...over,
  });
}
