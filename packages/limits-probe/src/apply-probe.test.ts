import { readFileSync } from "node:fs";
import {
  accountId,
  after,
  epochMs,
  limitsConfidence,
  newAccount,
  parseAlias,
  type Account,
  type EpochMs,
} from "@open-multi-auth/domain";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { applyProbe } from "./apply-probe.ts";
import { judgeExecRun } from "./exec-run.ts";
import type { LimitsReading, ProbeOutcome } from "./outcome.ts";

const START = epochMs(1_800_000_000_000);
const at = (ms: number): EpochMs => after(START, ms);
const ENDPOINT = { kind: "usage-endpoint" } as const;
const EXEC = { kind: "codex-exec", model: "gpt-5.3-codex", file: "/home/me/rollout.jsonl" } as const;

const success = (startedAt: EpochMs, remaining: number, finishedAt = after(startedAt, 5)): ProbeOutcome => ({
  kind: "success",
  source: ENDPOINT,
  startedAt,
  finishedAt,
  reading: reading(startedAt, remaining),
});
const failed = (startedAt: EpochMs, finishedAt = after(startedAt, 5)): ProbeOutcome => ({
  kind: "failure",
  source: EXEC,
  startedAt,
  finishedAt,
  error: { code: "PROBE_UNANSWERED", message: "no answer now (500)", details: { status: 500 } },
});
const stopped = (startedAt: EpochMs): ProbeOutcome => ({
  kind: "stopped",
  source: ENDPOINT,
  startedAt,
  finishedAt: after(startedAt, 5),
});

describe("applyProbe", () => {
  it("LIM-12: a success sets the limits and appends to the history", () => {
    const account = applyProbe(applyProbe(fresh(), success(at(0), 70)), success(at(10), 60));
    expect(account).toMatchObject({
      rateLimits: { ...reading(at(10), 60), at: at(10), source: ENDPOINT },
      limitStatus: "success",
      lastLimitProbeAt: at(10),
    });
    expect(
      account.rateLimitHistory.map(({ at: when, fiveHour, weekly, source }) => [
        when,
        fiveHour?.remaining,
        weekly?.remaining,
        source,
      ]),
    ).toEqual([
      [at(0), 70, 35, "usage-endpoint"],
      [at(10), 60, 30, "usage-endpoint"],
    ]);
  });

  it("LIM-07, LIM-20: a failure keeps the numbers and says what failed, when, and of which source and model", () => {
    const before = applyProbe(fresh(), success(at(0), 70));
    const account = applyProbe(before, failed(at(10)));
    expect(account).toEqual({
      ...before,
      limitStatus: "error",
      limitError: "Codex CLI (exec) with gpt-5.3-codex: no answer now (500)",
      limitErrorSource: EXEC,
      lastLimitErrorAt: at(10),
    });
    expect(limitsConfidence(account, at(20))).toBe("error");
  });

  it("forgets the failure with the next success", () => {
    const account = [failed(at(0)), success(at(10), 50)].reduce(applyProbe, fresh());
    expect(
      Object.keys(account).filter((name) => name.startsWith("limitError") || name === "lastLimitErrorAt"),
    ).toEqual([]);
    expect(limitsConfidence(account, at(20))).toBe("fresh");
  });

  it("LIM-11: without a success nothing is known, however many failures there were", () => {
    const account = [failed(at(0)), failed(at(10)), stopped(at(20))].reduce(applyProbe, fresh());
    expect(account.rateLimits).toBeUndefined();
    expect(account.rateLimitHistory).toEqual([]);
    expect(limitsConfidence(account, at(30))).toBe("unknown");
  });

  it("LIM-14: keeps the last 100 readings, the oldest goes first", () => {
    const probes = Array.from({ length: 150 }, (_, index) => success(at(index * 10), index % 100));
    const { rateLimitHistory: history } = probes.reduce(applyProbe, fresh());
    expect(history).toHaveLength(100);
    expect([history[0]?.at, history.at(-1)?.at]).toEqual([at(500), at(1490)]);
  });

  it("LIM-25: a weekly-only success takes the place of both windows", () => {
    const weeklyOnly: ProbeOutcome = {
      ...success(at(10), 50),
      kind: "success",
      reading: { weekly: window(at(10), 36, 10_080) },
    };
    const account = [success(at(0), 70), weeklyOnly].reduce(applyProbe, fresh());
    expect(account.rateLimits).toEqual({ weekly: window(at(10), 36, 10_080), at: at(10), source: ENDPOINT });
    expect(account.rateLimitHistory.at(-1)).toEqual({
      at: at(10),
      source: "usage-endpoint",
      weekly: { remaining: 36, resetAt: null },
    });
  });

  it("LIM-29: an answer asked for before the newer success is void, a failure too", () => {
    const newer = applyProbe(fresh(), success(at(100), 40));
    expect(applyProbe(newer, success(at(50), 90, at(200)))).toBe(newer);
    expect(applyProbe(newer, failed(at(50), at(200)))).toBe(newer);
  });

  it("a success of the future, of a clock that was wrong, does not block those of the present", () => {
    const ahead = applyProbe(fresh(), success(at(86_400_000), 40));
    expect(applyProbe(ahead, success(at(0), 90)).lastLimitProbeAt).toBe(at(0));
  });

  it("LIM-10, LIM-09: a run ended by SIGTERM after its first numbers leaves the limits as they were", () => {
    const before = applyProbe(fresh(), success(at(0), 70));
    const account = applyProbe(before, outcomeOf("g-toolcall-then-SIGTERM", "SIGTERM", at(10)));
    expect(account.rateLimits).toBe(before.rateLimits);
    expect(account.rateLimitHistory).toBe(before.rateLimitHistory);
    expect(account.limitStatus).toBe("error");
  });

  it("LIM-27: whatever happens, the stored limits are those of the last success", () => {
    const step = fc.record({
      kind: fc.constantFrom("success", "failure", "stopped"),
      remaining: fc.integer({ min: 0, max: 100 }),
      takes: fc.integer({ min: 1, max: 500 }),
      starts: fc.integer({ min: 0, max: 2_000 }),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 120 }), (steps) => {
        // Concurrent probes: they begin in one order and end in another.
        const outcomes = steps
          .map(({ kind, remaining, takes, starts }): ProbeOutcome => {
            if (kind === "success") return success(at(starts), remaining, at(starts + takes));
            return kind === "failure" ? failed(at(starts), at(starts + takes)) : stopped(at(starts));
          })
          .toSorted((a, b) => a.finishedAt - b.finishedAt);
        let last: (ProbeOutcome & { kind: "success" }) | undefined;
        let account = fresh();
        for (const outcome of outcomes) {
          account = applyProbe(account, outcome);
          if (outcome.kind === "success" && !(last && outcome.startedAt < last.startedAt)) last = outcome;
          expect(account.rateLimits).toEqual(
            last && { ...last.reading, at: last.startedAt, source: last.source },
          );
        }
        const { rateLimitHistory: history } = account;
        expect(history.length).toBeLessThanOrEqual(100);
        expect(history.map((entry) => entry.at)).toEqual(
          history.map((entry) => entry.at).toSorted((a, b) => a - b),
        );
        for (const { fiveHour, weekly } of history)
          expect(fiveHour?.remaining).toBe((weekly?.remaining ?? 0) * 2);
      }),
      { numRuns: 50 },
    );
  });
});

function fresh(): Account {
  const login = { accessToken: "a", refreshToken: "r", expiresAt: epochMs(0), source: "codex" } as const;
  return newAccount(accountId("id"), parseAlias("work")._unsafeUnwrap(), login, START);
}

/** The two windows of one reading belong together: the weekly one has half of what the other has. */
function reading(when: EpochMs, remaining: number): LimitsReading {
  return { fiveHour: window(when, remaining, 300), weekly: window(when, remaining / 2, 10_080) };
}

const window = (updatedAt: EpochMs, remaining: number, windowMinutes: number) => ({
  remaining,
  resetAt: null,
  windowMinutes,
  updatedAt,
});

function outcomeOf(recording: string, signal: string, startedAt: EpochMs): ProbeOutcome {
  const read = (file: string): string =>
    readFileSync(new URL(`../test/recordings/exec/${recording}/${file}`, import.meta.url), "utf8");
  const run = { exitCode: null, signal, stdout: read("stdout.jsonl"), rollout: read("rollout.jsonl") };
  const common = { source: EXEC, startedAt, finishedAt: after(startedAt, 5) };
  return judgeExecRun(run, {}, startedAt).match(
    (value): ProbeOutcome => ({ ...common, kind: "success", reading: value }),
    (error): ProbeOutcome => ({ ...common, kind: "failure", error }),
  );
}
