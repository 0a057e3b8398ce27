import type { DecisionRecord } from "@open-multi-auth/domain";
import { metricsOf } from "@open-multi-auth/domain";
import { describe, expect, it } from "vitest";
import { areKept, levelsPage, serviceLevels, type Machine, type Observed } from "./report.ts";

const record = (outcome: DecisionRecord["outcome"], addedMs = 1): DecisionRecord =>
  ({
    requestId: "r",
    at: 1_000,
    strategy: "round-robin",
    selectedAlias: "work",
    why: "round-robin",
    fallbackReason: null,
    forceState: { active: false },
    enabledState: { enabled: 1, disabled: 0 },
    candidates: [],
    attempts: [{ alias: "work", verdict: "served", ms: 100 }],
    outcome,
    firstByteMs: 100 + addedMs,
    totalMs: 200,
    replay: { now: 1_000 },
  }) as unknown as DecisionRecord;

const served = (count: number, addedMs?: number): DecisionRecord[] =>
  Array.from({ length: count }, () => record("served", addedMs));
const fine: Observed = { records: served(1_000), unhandledExceptions: 0, probesThatChangedLimits: 0 };
const baseline = { machine: "here", p95Ms: 10 };
const quiet = { name: "here", cores: 2, load: 1 };
const verdicts = (observed: Partial<Observed>, machine: Partial<Machine> = {}) =>
  serviceLevels({ ...fine, ...observed }, baseline, { ...quiet, ...machine }).map(({ verdict }) => verdict);

describe("serviceLevels", () => {
  it("VAL-05: keeps a success rate of 99.9 %, and breaks below", () => {
    expect(verdicts({ records: [...served(999), record("refused")] })[0]).toBe("kept");
    expect(verdicts({ records: [...served(998), record("refused"), record("interrupted")] })[0]).toBe(
      "broken",
    );
    expect(verdicts({ records: [...served(10), record("aborted"), record("passed-through")] })[0]).toBe(
      "kept",
    );
  });

  it("VAL-05: breaks by one unhandled exception, and by one failed probe that changed limits", () => {
    expect(verdicts({ unhandledExceptions: 1 })).toEqual(["kept", "broken", "kept", "kept"]);
    expect(verdicts({ probesThatChangedLimits: 1 })).toEqual(["kept", "kept", "kept", "broken"]);
  });

  it("VAL-05: allows 10 % more latency at p95, beyond what a busy machine adds", () => {
    const slow = { machine: "here", p95Ms: 100 };
    const verdict = (addedMs: number) =>
      serviceLevels({ ...fine, records: served(100, addedMs) }, slow, quiet)[2]?.verdict;
    expect([110, 111].map(verdict)).toEqual(["kept", "broken"]);
    expect(verdicts({ records: served(100, 12) })[2]).toBe("kept");
    expect(verdicts({ records: served(100, 12.5) })[2]).toBe("broken");
  });

  it("VAL-05: judges no latency of another or a busy machine, and takes nothing measured for no result", () => {
    expect(verdicts({ records: served(100, 500) }, { name: "elsewhere" })[2]).toBe("not judged");
    expect(verdicts({ records: served(100, 500) }, { load: 3 })[2]).toBe("broken");
    expect(verdicts({ records: served(100, 500) }, { load: 3.1 })[2]).toBe("not judged");
    expect(areKept(serviceLevels(fine, undefined, quiet))).toBe(true);
    expect(areKept([])).toBe(false);
    expect(verdicts({ records: [] })[0]).toBe("not judged");
  });

  it("shows every bound with what was measured, and how the requests were shared", () => {
    const page = levelsPage(serviceLevels(fine, baseline, quiet), metricsOf(fine.records));
    expect(page).toContain("| >= 99.9 % | 100.000 % | kept |");
    expect(page).toContain("by account: work 1000");
  });
});
