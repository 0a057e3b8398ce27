import { describe, expect, it } from "vitest";
import type { DecisionView } from "@open-multi-auth/loopback-api/client";
import { attemptBars, candidateRows, isShown, milliseconds, outcomeOf } from "./decision-row.ts";
import { absence, headlineOf, keptRows } from "./digest.ts";

const MOVED = decision({ explanation: { brief: "b", sentence: "s", movedFrom: "lab" } });

describe("outcomeOf", () => {
  it("tells a move that nobody noticed from a plain answer and from what failed", () => {
    expect(outcomeOf(decision({})).word).toBe("Answered");
    expect(outcomeOf(MOVED)).toMatchObject({ word: "Moved", tone: "hid" });
    expect(outcomeOf({ ...MOVED, outcome: "interrupted" })).toMatchObject({
      word: "Broken off",
      tone: "bad",
    });
    expect(outcomeOf(decision({ outcome: "refused" })).tone).toBe("bad");
  });
});

describe("isShown", () => {
  it("shows all, those that moved, or those that reached the person", () => {
    const all = [decision({}), MOVED, decision({ outcome: "refused" }), decision({ outcome: "interrupted" })];
    const shown = (filter: "all" | "moved" | "refused") => all.filter((one) => isShown(one, filter)).length;
    expect([shown("all"), shown("moved"), shown("refused")]).toEqual([4, 1, 2]);
  });
});

describe("candidateRows", () => {
  it("has the one that answered first, then those that could have", () => {
    const candidates = [
      { alias: "off", eligible: false, reason: "disabled" },
      { alias: "lab", eligible: true, reason: "quota-exhausted" },
      { alias: "work", eligible: true },
    ];
    expect(candidateRows(decision({ candidates })).map(({ alias }) => alias)).toEqual(["work", "lab", "off"]);
  });
});

describe("attemptBars", () => {
  it("sets attempts one after another on one scale", () => {
    const bars = attemptBars(
      decision({
        attempts: [
          { alias: "lab", verdict: "quota", status: 429, ms: 250 },
          { alias: "work", verdict: "served", status: 200, ms: 750 },
        ],
      }),
    );
    expect(bars).toMatchObject([
      { alias: "lab", left: 0, width: 25, isServed: false, text: "429, quota, 250\u202Fms" },
      { alias: "work", left: 25, width: 75, isServed: true, text: "answered after 750\u202Fms" },
    ]);
    expect(attemptBars(decision({ attempts: [{ alias: "a", verdict: "transient", ms: 0 }] }))).toMatchObject([
      { left: 0, text: "no answer, transient, 0\u202Fms" },
    ]);
  });

  it("says no time where no byte came", () => {
    expect([milliseconds(null), milliseconds(1203.6)]).toEqual(["–", "1,204\u202Fms"]);
  });
});

describe("headlineOf", () => {
  it("counts what was kept from the person, and what was not", () => {
    const counters = { ...COUNTERS, kept: { quota: 9, transient: 4 }, failed: 1 };
    expect(headlineOf(counters)).toEqual({ kept: 13, reached: 1 });
    expect(keptRows(counters)).toEqual([
      { cause: "Limit reached", count: 9 },
      { cause: "OpenAI error or no answer", count: 4 },
    ]);
    expect(keptRows({ ...COUNTERS, kept: { constructor: 1 } })).toEqual([{ cause: "constructor", count: 1 }]);
  });
});

describe("absence", () => {
  it("counts what came after the person had left", () => {
    const list = [MOVED, decision({ outcome: "refused" }), decision({ at: "2026-11-21T09:00:00.000Z" })];
    expect(absence(list, Date.parse("2026-11-21T10:00:00.000Z"))).toEqual({
      requests: 2,
      moved: 1,
      refused: 1,
    });
  });
});

const COUNTERS = {
  since: "2026-11-14T12:00:00.000Z",
  requests: 0,
  served: 0,
  moved: 0,
  kept: {},
  failed: 0,
  aborted: 0,
  byAlias: {},
};

function decision(over: Partial<DecisionView>): DecisionView {
  return {
    requestId: "r-1",
    at: "2026-11-21T12:00:00.000Z",
    strategy: "round-robin",
    selectedAlias: "work",
    why: "strategy",
    explanation: { brief: "Next in turn", sentence: "Next in turn." },
    fallbackReason: null,
    forceState: { active: false },
    enabledState: { enabled: 1, disabled: 0 },
    candidates: [],
    attempts: [],
    outcome: "served",
    firstByteMs: 5,
    totalMs: 9,
    ...over,
  };
}
