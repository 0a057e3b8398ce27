import { after, epochMs, type RateLimitWindow } from "@open-multi-auth/domain";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { paceOf } from "./pace.ts";

const NOW = epochMs(1_800_000_000_000);
const HOUR = 3_600_000;

/** A five-hour window that began `hours` ago, read now. */
const window = (
  remaining: number,
  hours: number,
  change: Partial<RateLimitWindow> = {},
): RateLimitWindow => ({
  remaining,
  resetAt: after(NOW, (5 - hours) * HOUR),
  windowMinutes: 300,
  updatedAt: NOW,
  ...change,
});

describe("paceOf", () => {
  it("is on track where use and time go together, and lasts until the reset", () => {
    expect(paceOf(window(60, 2), NOW)).toEqual({
      burnPerHour: 20,
      deficit: 0,
      stage: "on-track",
      runsOutAt: null,
      waste: 0,
    });
  });

  it("is in deficit where more is used than time has passed, and says when it runs out", () => {
    expect(paceOf(window(20, 2), NOW)).toMatchObject({
      burnPerHour: 40,
      deficit: 40,
      stage: "deficit",
      runsOutAt: after(NOW, HOUR / 2),
      waste: 0,
    });
  });

  it("is in reserve where less is used, and says what the reset will throw away", () => {
    expect(paceOf(window(90, 2), NOW)).toMatchObject({
      stage: "reserve",
      deficit: -30,
      runsOutAt: null,
      waste: 75,
    });
  });

  it("an empty window has run out by the time it was read", () => {
    expect(paceOf(window(0, 2), NOW)?.runsOutAt).toBe(NOW);
  });

  it("an untouched one burns nothing and is thrown away whole", () => {
    expect(paceOf(window(100, 2), NOW)).toMatchObject({ burnPerHour: 0, runsOutAt: null, waste: 100 });
  });

  it("is counted from the reading, not from now: nothing is known of the time between", () => {
    const read = window(60, 2, { updatedAt: NOW });
    expect(paceOf(read, after(NOW, HOUR))).toEqual(paceOf(read, NOW));
  });

  it.each([
    ["without a reset", window(60, 2, { resetAt: null })],
    ["after the reset", window(60, 2, { resetAt: NOW })],
    ["in the first moments", window(99, 0.1)],
    ["where the reset is further off than the window is long", window(99, -1)],
  ])("says nothing %s", (_name, told) => {
    expect(paceOf(told, NOW)).toBeUndefined();
  });

  it("property: it runs out before the reset, or something is left at the reset, never both", () => {
    const windows = fc.record({
      remaining: fc.integer({ min: 0, max: 100 }),
      hours: fc.double({ min: 0.2, max: 4.9, noNaN: true }),
    });
    fc.assert(
      fc.property(windows, ({ remaining, hours }) => {
        const told = window(remaining, hours);
        const pace = paceOf(told, NOW)!;
        expect(pace.waste).toBeGreaterThanOrEqual(0);
        expect(pace.waste).toBeLessThanOrEqual(remaining);
        if (pace.runsOutAt === null) return;
        expect(pace.waste).toBe(0);
        expect(pace.runsOutAt).toBeGreaterThanOrEqual(NOW);
        expect(pace.runsOutAt).toBeLessThanOrEqual(told.resetAt!);
      }),
    );
  });
});
