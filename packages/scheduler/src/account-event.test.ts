import type { Account } from "@open-multi-auth/domain";
import { describe, expect, it } from "vitest";
import { account, at, constant, MINUTE, NOW, settings, window } from "../test/builders.ts";
import { applyAccountEvent, isDurable, type AccountEvent } from "./account-event.ts";

const A = account("a");
const after = (event: AccountEvent, before: Account = A, now = NOW, draw = 0) =>
  applyAccountEvent(before, event, { settings: settings(), now, random: constant(draw) });

/** An answer with the limits that were read `ms` after the start. */
const observing = (ms: number, limits: object): AccountEvent => ({
  kind: "served",
  startedAt: NOW,
  observed: { at: at(ms), ...limits },
});

describe("applyAccountEvent: served", () => {
  it("counts the answer and the time", () => {
    expect(after({ kind: "served", startedAt: at(-5) })).toEqual({ ...A, usageCount: 1, lastUsed: NOW });
  });

  it("CON-14: takes the observed limits and leaves the authoritative ones", () => {
    const rateLimits = { at: at(-1), source: { kind: "usage-endpoint" }, weekly: window(70) } as const;
    const probed = account("a", { rateLimits, lastLimitProbeAt: at(-1) });
    const result = after(
      { kind: "served", startedAt: NOW, observed: { at: NOW, weekly: window(60) } },
      probed,
    );
    expect(result.observed).toEqual({ at: NOW, weekly: window(60) });
    expect(result.rateLimits).toBe(rateLimits);
    expect(result.lastLimitProbeAt).toBe(at(-1));
    expect(result.limitStatus).toBe("idle");
  });

  it("keeps the newest reading of each window, in whatever order answers end", () => {
    const both = after(
      observing(2, { weekly: window(40) }),
      after(observing(1, { fiveHour: window(50), weekly: window(60) })),
    );
    expect(both.observed).toEqual({ at: at(2), fiveHour: window(50), weekly: window(40) });
    expect(after(observing(1, { weekly: window(99) }), both).observed).toEqual(both.observed);
  });

  it("does not end a cooldown that was set after its request began", () => {
    const limited = after({ kind: "quota", until: at(100) });
    const early = after({ kind: "served", startedAt: at(-1) }, limited, at(1));
    expect(early.rateLimitedUntil).toBe(at(100));
    const late = after({ kind: "served", startedAt: at(0) }, limited, at(1));
    expect(late).not.toHaveProperty("rateLimitedUntil");
    expect(late).not.toHaveProperty("rateLimitedAt");
    expect([early.quotaRefusedAt, late.quotaRefusedAt]).toEqual([NOW, undefined]);
  });
});

describe("applyAccountEvent: quota", () => {
  it("cools the account down until its reset", () => {
    expect(after({ kind: "quota", until: at(99) })).toEqual({
      ...A,
      rateLimitedUntil: at(99),
      rateLimitedAt: NOW,
      quotaRefusedAt: NOW,
    });
  });

  it("cools it down for five minutes where the reset is unknown or past", () => {
    expect(after({ kind: "quota", until: null }).rateLimitedUntil).toBe(at(5 * MINUTE));
    expect(after({ kind: "quota", until: NOW }).rateLimitedUntil).toBe(at(5 * MINUTE));
  });

  it("is not shortened by a lesser failure that comes after it", () => {
    const limited = after({ kind: "quota", until: at(60 * MINUTE) });
    expect(after({ kind: "transient", retryAfterMs: 2_000 }, limited)).toEqual(limited);
    expect(after({ kind: "token-unavailable", restMs: 1_000 }, limited)).toEqual(limited);
    expect(after({ kind: "quota", until: null }, limited)).toEqual(limited);
  });

  it("CON-14: takes the limits that came with the refusal", () => {
    const refused = after({ kind: "quota", until: at(9), observed: { at: NOW, weekly: window(0) } });
    expect(refused.observed?.weekly?.remaining).toBe(0);
  });
});

describe("applyAccountEvent: the others", () => {
  it("marks a dead credential, with its reason", () => {
    expect(after({ kind: "auth-invalid", reason: "expired-refresh-failed" })).toEqual({
      ...A,
      authInvalid: true,
      authInvalidatedAt: NOW,
      authInvalidReason: "expired-refresh-failed",
    });
  });

  it("rests an account without a token for the time given, and its health is untouched", () => {
    const rested = after({ kind: "token-unavailable", restMs: 30_000 });
    expect(rested).toEqual({ ...A, rateLimitedUntil: at(30_000), rateLimitedAt: NOW });
  });

  it("rests a deactivated workspace for the time of the settings", () => {
    expect(after({ kind: "workspace" }).workspaceDeactivatedUntil).toBe(at(30 * MINUTE));
  });

  it("rests one model, and forgets those whose rest is over", () => {
    const gone = { until: NOW, error: "no" };
    const kept = { until: at(1), error: "no" };
    const before = account("a", { modelUnsupported: { gone, kept } });
    expect(after({ kind: "model", model: "x", error: "unfit" }, before).modelUnsupported).toEqual({
      kept,
      x: { until: at(30 * MINUTE), error: "unfit" },
    });
  });

  it("leaves the account it was given as it was", () => {
    const frozen = Object.freeze(structuredClone(A));
    for (const event of EVENTS) after(event, frozen);
    expect(frozen).toEqual(A);
  });
});

describe("isDurable", () => {
  it("holds for all that keeps an account from being used", () => {
    expect(EVENTS.filter(isDurable)).toEqual(EVENTS.filter(({ kind }) => kind !== "served"));
  });
});

const EVENTS: AccountEvent[] = [
  { kind: "served", startedAt: NOW },
  { kind: "quota", until: null },
  { kind: "auth-invalid", reason: "no-token" },
  { kind: "token-unavailable", restMs: 1 },
  { kind: "workspace" },
  { kind: "model", model: "x", error: "" },
  { kind: "transient" },
];
