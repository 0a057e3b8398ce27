import {
  accountId,
  after,
  epochMs,
  newAccount,
  parseAlias,
  type Account,
  type RateLimitWindow,
} from "@open-multi-auth/domain";
import { describe, expect, it } from "vitest";
import { poolRunway } from "./runway.ts";

const NOW = epochMs(1_800_000_000_000);
const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/** A weekly window that began `days` ago. */
const week = (remaining: number, days: number): RateLimitWindow => ({
  remaining,
  resetAt: after(NOW, (7 - days) * DAY),
  windowMinutes: 10_080,
  updatedAt: NOW,
});
const weekly = (...windows: RateLimitWindow[]) =>
  poolRunway(
    windows.map((window) => account({ weekly: window })),
    NOW,
  ).weekly;

describe("poolRunway", () => {
  it("is as long as the one account lasts", () => {
    // 60 % in 3 days: 20 % a day, 40 % left.
    expect(weekly(week(40, 3))).toEqual({ kind: "runs-out", at: after(NOW, 2 * DAY) });
  });

  it("is longer with an account that is full", () => {
    // 30 % a day: 10 % of the one and 100 % of the other.
    const runway = weekly(week(10, 3), { ...week(100, 0), resetAt: null });
    expect(runway).toEqual({ kind: "runs-out", at: after(NOW, (11 / 3) * DAY) });
  });

  it("counts what resets on the way", () => {
    // What is left lasts for less than a day; half a day from now the second is full again.
    const runway = weekly(week(10, 3), { ...week(20, 6.5), resetAt: after(NOW, DAY / 2) });
    expect(runway.kind === "runs-out" && (runway.at - NOW) / DAY).toBeGreaterThan(2);
  });

  it("lasts where windows reset sooner than they empty", () => {
    expect(weekly(week(90, 3))).toEqual({ kind: "lasts" });
    expect(weekly(week(50, 5), week(90, 1))).toEqual({ kind: "lasts" });
  });

  it("lasts where nothing is used", () => {
    expect(weekly(week(100, 3))).toEqual({ kind: "lasts" });
  });

  it("is over where all is empty, until the first reset", () => {
    expect(weekly(week(0, 3), week(0, 2))).toEqual({ kind: "runs-out", at: NOW });
  });

  it("is unknown where all that is known is empty, and another account can serve", () => {
    const untold = { ...account({}), rateLimits: undefined, lastLimitProbeAt: undefined };
    const empty = account({ weekly: week(0, 3) });
    expect(poolRunway([empty, untold], NOW).weekly).toEqual({ kind: "unknown" });
    for (const unusable of [{ enabled: false }, { authInvalid: true }]) {
      const { weekly: runway } = poolRunway([empty, { ...untold, ...unusable }], NOW);
      expect(runway).toEqual({ kind: "runs-out", at: NOW });
    }
  });

  it("counts a window that has reset since it was read as full", () => {
    const over = { ...week(0, 3), resetAt: after(NOW, -1) };
    expect(weekly(over, week(10, 3))).toEqual({ kind: "runs-out", at: after(NOW, (11 / 3) * DAY) });
  });

  it("lasts where an account has no such limit", () => {
    const pool = [
      account({ weekly: week(10, 3) }),
      account({ fiveHour: { ...week(50, 3), windowMinutes: 300 } }),
    ];
    expect(poolRunway(pool, NOW).weekly).toEqual({ kind: "lasts" });
  });

  it.each([
    ["nothing was measured", { rateLimits: undefined, lastLimitProbeAt: undefined }],
    ["the measurement is too old", { lastLimitProbeAt: after(NOW, -2 * HOUR) }],
    ["the account is disabled", { enabled: false }],
    ["its login is refused", { authInvalid: true }],
  ])("is unknown where %s", (_name, change) => {
    const unusable = { ...account({ weekly: week(40, 3) }), ...change };
    expect(poolRunway([unusable], NOW).weekly).toEqual({ kind: "unknown" });
    expect(poolRunway([], NOW).weekly).toEqual({ kind: "unknown" });
  });
});

function account(windows: { fiveHour?: RateLimitWindow; weekly?: RateLimitWindow }): Account {
  const login = { accessToken: "a", refreshToken: "r", expiresAt: epochMs(0), source: "codex" } as const;
  return {
    ...newAccount(accountId("id"), parseAlias("work")._unsafeUnwrap(), login, NOW),
    rateLimits: { ...windows, at: NOW, source: { kind: "usage-endpoint" } },
    lastLimitProbeAt: NOW,
    limitStatus: "success",
  };
}
