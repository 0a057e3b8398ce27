import { assert, integer, property, array, record } from "fast-check";
import { describe, expect, it } from "vitest";
import { poolGaps, without } from "./forecast.ts";
import { seen } from "./testing.ts";

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const NOW = Date.UTC(2026, 10, 21, 12);

describe("poolGaps", () => {
  it("begins where all that is left is used up at the present pace, and ends with the reset that comes first", () => {
    const accounts = [
      seen("work", NOW, { weekly: [10, 3 * DAY, 1] }),
      seen("home", NOW, { weekly: [20, 2 * DAY, 1] }),
    ];
    expect(poolGaps(accounts, NOW, NOW + 2.5 * DAY)).toEqual([
      { from: NOW + 15 * HOUR, to: NOW + 2 * DAY, alias: "home" },
    ]);
  });

  it("has none while one account has no such limit, is at rest, or nothing is known", () => {
    const full = seen("work", NOW, { weekly: [1, 3 * DAY, 5] });
    expect(poolGaps([full, seen("free", NOW, {})], NOW, NOW + DAY)).toEqual([]);
    expect(poolGaps([seen("work", NOW, { weekly: [50, DAY, 0] })], NOW, NOW + 7 * DAY)).toEqual([]);
    expect(poolGaps([], NOW, NOW + DAY)).toEqual([]);
  });

  it("leaves out who is off or signed out", () => {
    const work = seen("work", NOW, { weekly: [10, 3 * DAY, 1] });
    const off = { ...seen("off", NOW, { weekly: [100, DAY, 0] }), enabled: false };
    const out = { ...seen("out", NOW, { weekly: [100, DAY, 0] }), auth: { state: "invalid" as const } };
    expect(poolGaps([work, off, out], NOW, NOW + DAY)).toEqual(poolGaps([work], NOW, NOW + DAY));
  });
});

describe("without", () => {
  it("keeps exactly the instants of the span that no hole covers", () => {
    const span = record({ from: integer({ min: 0, max: 50 }), length: integer({ min: 0, max: 30 }) }).map(
      ({ from, length }) => ({ from, to: from + length }),
    );
    assert(
      property(span, array(span, { maxLength: 6 }), (one, holes) => {
        const left = without(one, holes);
        for (let at = 0; at < 90; at += 1) {
          const isIn = (part: { from: number; to: number }): boolean => part.from <= at && at < part.to;
          expect(left.some(isIn)).toBe(isIn(one) && !holes.some(isIn));
        }
      }),
    );
  });
});
