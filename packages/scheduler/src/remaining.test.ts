import type { Account } from "@open-multi-auth/domain";
import { describe, expect, it } from "vitest";
import { account, at, MINUTE, NOW, window } from "../test/builders.ts";
import { recoversAt, remainingPercent, windowNow } from "./remaining.ts";

const source = { kind: "usage-endpoint" } as const;
const weekOf = (limits: Partial<Account>, ms: number) => windowNow(account("a", limits), "weekly", at(ms));
const left = (limits: Partial<Account>, now = NOW) => remainingPercent(account("a", limits), now);

describe("remainingPercent", () => {
  it("is unknown where nothing was measured", () => {
    expect(left({})).toBeUndefined();
    expect(left({ observed: { at: NOW } })).toBeUndefined();
  });

  it("is that of the tightest window", () => {
    expect(left({ observed: { at: NOW, fiveHour: window(40), weekly: window(30) } })).toBe(30);
    expect(left({ observed: { at: NOW, fiveHour: window(20), weekly: window(30) } })).toBe(20);
    expect(left({ observed: { at: NOW, weekly: window(30) } })).toBe(30);
  });

  it("CON-14: takes for each window the newer of what answers and probes said, and changes neither", () => {
    const older = {
      at: at(-2),
      source,
      fiveHour: window(80, { updatedAt: at(-2) }),
      weekly: window(15, { updatedAt: at(-2) }),
    };
    const newer = { at: NOW, fiveHour: window(50) };
    expect(left({ rateLimits: older, observed: newer })).toBe(15);
    expect(left({ rateLimits: { ...older, weekly: undefined }, observed: newer })).toBe(50);
    const probedLast = { at: at(1), source, fiveHour: window(80, { updatedAt: at(1) }) };
    expect(left({ rateLimits: probedLast, observed: newer })).toBe(80);
    const probedTogether = { at: NOW, source, fiveHour: window(80) };
    expect(left({ rateLimits: probedTogether, observed: newer })).toBe(50);
  });

  it("is full again from the instant of the reset", () => {
    const observed = { at: NOW, fiveHour: window(3, { resetAt: at(10) }) };
    expect(left({ observed }, at(9))).toBe(3);
    expect(left({ observed }, at(10))).toBe(100);
  });

  it("trusts a window of unknown reset for the window's own length", () => {
    const observed = { at: NOW, fiveHour: window(3, { resetAt: null }) };
    expect(left({ observed }, at(300 * MINUTE - 1))).toBe(3);
    expect(left({ observed }, at(300 * MINUTE))).toBe(100);
  });
});

describe("recoversAt", () => {
  it("is the last reset among the windows at or under the percentage", () => {
    const limits = {
      at: NOW,
      fiveHour: window(5, { resetAt: at(10) }),
      weekly: window(50, { resetAt: at(99) }),
    };
    const low = account("a", { observed: limits });
    expect(recoversAt(low, 5, NOW)).toBe(at(10));
    expect(recoversAt(low, 50, NOW)).toBe(at(99));
    expect(recoversAt(low, 4, NOW)).toBe(NOW);
    const sooner = { ...limits, weekly: window(50, { resetAt: at(5) }) };
    expect(recoversAt(account("a", { observed: sooner }), 50, NOW)).toBe(at(10));
    expect(recoversAt(low, 50, at(100))).toBe(at(100));
  });
});

describe("windowNow", () => {
  const week = window(3, { resetAt: at(10), windowMinutes: 10_080 });

  it("is what was told until its reset, and from then on a full one that begins now", () => {
    const observed = { at: NOW, weekly: week };
    expect(weekOf({ observed }, 9)).toEqual({ remaining: 3, resetAt: at(10) });
    expect(weekOf({ observed }, 10)).toEqual({ remaining: 100, resetAt: at(10 + 10_080 * MINUTE) });
  });

  it("is unknown where nothing was told of it", () => {
    expect(weekOf({ observed: { at: NOW, fiveHour: window(50) } }, 0)).toBeUndefined();
  });
});
