import { epochMs, type DecisionRecord } from "@open-multi-auth/domain";
import { expect, it } from "vitest";
import { decisionCandidates } from "./decision-candidates.ts";

const AT = Date.UTC(2026, 10, 21);
const window = (remaining: number, updatedAt: number) => ({ remaining, resetAt: AT + 1_000, updatedAt });
const record = (replayed: unknown): DecisionRecord => ({
  requestId: "r1",
  at: epochMs(AT),
  strategy: "headroom",
  selectedAlias: "work",
  why: "strategy",
  fallbackReason: null,
  forceState: { active: false },
  enabledState: { enabled: 2, disabled: 1 },
  candidates: [
    { alias: "work", eligible: true },
    { alias: "lab", eligible: true, reason: "quota-exhausted" },
    { alias: "backup", eligible: false, reason: "disabled" },
  ],
  attempts: [],
  outcome: "served",
  firstByteMs: 1,
  totalMs: 1,
  replay: { now: epochMs(AT), candidates: replayed },
});

it("tells of each candidate why it did not answer, and the newer of what was measured and observed", () => {
  const read = [
    {
      alias: "work",
      rateLimits: { fiveHour: window(40, AT), weekly: window(70, AT) },
      observed: { fiveHour: window(30, AT + 1), weekly: window(80, AT - 1) },
    },
    { alias: "lab", rateLimits: { weekly: { remaining: 5, resetAt: null, updatedAt: AT } } },
  ];
  expect(decisionCandidates(record(read))).toEqual([
    { alias: "work", fiveHourLeft: 30, weeklyLeft: 70, weeklyResetAt: "2026-11-21T00:00:01.000Z" },
    { alias: "lab", because: "reached its limit", weeklyLeft: 5 },
    { alias: "backup", because: "is off" },
  ]);
});

it("leaves out the figures that a record of another version holds otherwise", () => {
  for (const odd of [undefined, "none", [{ alias: 1 }], [{ alias: "work", rateLimits: { weekly: 40 } }]]) {
    expect(decisionCandidates(record(odd))[0]).toEqual({ alias: "work" });
  }
});
