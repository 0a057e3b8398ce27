import { describe, expect, it } from "vitest";
import { freshLimits } from "./fresh-limits.ts";

const MINUTE = 60_000;

describe("freshLimits", () => {
  it("watches from shortly after the first request until ten minutes after the last", () => {
    const { fresh, watching, advance } = world();
    advance(MINUTE);
    expect(watching()).toBe(0);
    fresh.used();
    expect(watching()).toBe(0);
    advance(5_000);
    expect(watching()).toBe(1);
    advance(9 * MINUTE);
    fresh.used();
    fresh.used();
    advance(9 * MINUTE);
    expect(watching()).toBe(1);
    advance(MINUTE);
    expect(watching()).toBe(0);
    fresh.used();
    advance(5_000);
    expect(watching()).toBe(1);
  });

  it("ends at once, also before it has begun, and leaves no timer", () => {
    for (const wait of [0, MINUTE]) {
      const { fresh, watching, advance, timers } = world();
      fresh.used();
      advance(wait);
      fresh.end();
      expect([watching(), timers()]).toEqual([0, 0]);
    }
  });
});

function world() {
  let now = 0;
  let watchers = 0;
  const due = new Set<{ at: number; run: () => void }>();
  const fresh = freshLimits(
    {
      watch() {
        watchers += 1;
        return () => void (watchers -= 1);
      },
    },
    {
      after(ms, run) {
        const timer = { at: now + ms, run };
        due.add(timer);
        return () => void due.delete(timer);
      },
    },
  );
  return {
    fresh,
    watching: () => watchers,
    timers: () => due.size,
    advance: (ms: number): void => {
      now += ms;
      for (const timer of [...due].filter(({ at }) => at <= now)) {
        due.delete(timer);
        timer.run();
      }
    },
  };
}
