import { describe, expect, it } from "vitest";
import { exhaustedWindow, freshWindows, setUsed, spend, windowsAt } from "./windows.ts";

const now = 1_800_000_000_250;
const both = freshWindows(["fiveHour", "weekly"]);

describe("spend", () => {
  it("starts the windows with their first use, to reset on a whole second", () => {
    expect(spend(both, { fiveHour: 3, weekly: 0.5 }, now)).toEqual([
      { name: "fiveHour", usedPercent: 3, resetsAt: 1_800_000_001_000 + 300 * 60_000 },
      { name: "weekly", usedPercent: 0.5, resetsAt: 1_800_000_001_000 + 10_080 * 60_000 },
    ]);
  });

  it("keeps the reset of a running window and begins anew once it has come", () => {
    const first = spend(both, { fiveHour: 3 }, now);
    const later = spend(first, { fiveHour: 3 }, now + 60_000);
    expect(later[0]).toEqual({ ...first[0], usedPercent: 6 });

    const reset = first[0]?.resetsAt ?? 0;
    expect(spend(later, { fiveHour: 3 }, reset - 1)[0]?.usedPercent).toBe(9);
    const anew = spend(later, { fiveHour: 3 }, reset)[0];
    expect(anew).toEqual({ name: "fiveHour", usedPercent: 3, resetsAt: reset + 300 * 60_000 });
  });

  it("is dry after exactly as many uses as the percent allows, and never above 100", () => {
    let windows = both;
    for (let used = 0; used < 999; used += 1) windows = spend(windows, { fiveHour: 0.1 }, now);
    expect(exhaustedWindow(windows, now)).toBeNull();
    windows = spend(spend(windows, { fiveHour: 0.1 }, now), { fiveHour: 0.1 }, now);
    expect(exhaustedWindow(windows, now)).toMatchObject({ name: "fiveHour", usedPercent: 100 });
  });
});

describe("exhaustedWindow", () => {
  it("names the window that holds the account longest", () => {
    const dry = setUsed(setUsed(both, "fiveHour", 100, now), "weekly", 100, now);
    expect(exhaustedWindow(dry, now)?.name).toBe("weekly");
    expect(exhaustedWindow(setUsed(both, "fiveHour", 100, now), now)?.name).toBe("fiveHour");
  });

  it("forgets a window at the very instant of its reset", () => {
    const dry = setUsed(both, "fiveHour", 100, now);
    const reset = dry[0]?.resetsAt ?? 0;
    expect(exhaustedWindow(dry, reset - 1)).not.toBeNull();
    expect(exhaustedWindow(dry, reset)).toBeNull();
    expect(windowsAt(dry, reset)[0]).toEqual({ name: "fiveHour", usedPercent: 0, resetsAt: null });
  });
});
