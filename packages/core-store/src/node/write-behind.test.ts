import { beforeEach, describe, expect, it, onTestFinished, vi } from "vitest";
import { WriteBehind } from "./write-behind.ts";

let writes: number;
let chance: number;
let behind: WriteBehind;

beforeEach(() => {
  vi.useFakeTimers();
  onTestFinished(() => void vi.useRealTimers());
  writes = 0;
  chance = 1;
  behind = new WriteBehind(() => (writes += 1), { next: () => chance });
});

/** How long it takes until it writes. */
function untilWritten(): number {
  const before = writes;
  for (let ms = 1; ms <= 60_000; ms += 1) {
    vi.advanceTimersByTime(1);
    if (writes > before) return ms;
  }
  return Number.POSITIVE_INFINITY;
}

describe("writing behind", () => {
  it("writes half a second after the first change, and once", () => {
    behind.soon();
    vi.advanceTimersByTime(400);
    behind.soon();
    expect(untilWritten()).toBe(100);
    expect(untilWritten()).toBe(Number.POSITIVE_INFINITY);
    behind.soon();
    expect(untilWritten()).toBe(500);
  });

  it("does not write what a write that began meanwhile takes along", () => {
    behind.soon();
    behind.begun();
    expect(untilWritten()).toBe(Number.POSITIVE_INFINITY);
    behind.soon();
    expect(untilWritten()).toBe(500);
  });

  it("tries again after ever longer pauses, half a minute at most, and soon after it had succeeded", () => {
    const pauses = Array.from({ length: 9 }, () => {
      behind.failed();
      return untilWritten();
    });
    expect(pauses).toEqual([250, 500, 1000, 2000, 4000, 8000, 16_000, 30_000, 30_000]);
    behind.succeeded();
    behind.failed();
    expect(untilWritten()).toBe(250);
  });

  it("leaves half of a pause to chance, so that not all try again at the same time", () => {
    chance = 0;
    behind.failed();
    expect(untilWritten()).toBe(125);
    chance = 0.5;
    behind.failed();
    expect(untilWritten()).toBe(375);
  });

  it("a failure puts off what was to be written soon", () => {
    behind.failed();
    behind.failed();
    behind.failed();
    behind.soon();
    expect(untilWritten()).toBe(1000);
  });
});
