import type { DecisionRecord } from "@open-multi-auth/domain";
import { expect, it } from "vitest";
import { NOW, uncoloured } from "../testing.ts";
import { tableRows } from "./table.ts";

const RECORD: DecisionRecord = {
  requestId: "r",
  at: NOW,
  strategy: "round-robin",
  selectedAlias: null,
  why: "no account is eligible",
  fallbackReason: null,
  forceState: { active: false },
  enabledState: { enabled: 1, disabled: 0 },
  candidates: [],
  attempts: [],
  outcome: "refused",
  firstByteMs: null,
  totalMs: 1,
  replay: { now: NOW },
};

it("says why a request reached no account", () => {
  expect(tableRows(RECORD, 7, uncoloured)).toEqual([
    expect.stringMatching(/^#7 .* none +✗ refused +no account is eligible$/),
  ]);
});

it("fits into 120 columns", () => {
  const attempts = ["auth", "quota", "foreign-content", "served"] as const;
  const record: DecisionRecord = {
    ...RECORD,
    outcome: "served",
    attempts: attempts.map((verdict) => ({ alias: "personal", verdict, status: 400, ms: 1 })),
  };
  for (const row of tableRows(record, 7, uncoloured)) expect(row.length).toBeLessThanOrEqual(120);
});
