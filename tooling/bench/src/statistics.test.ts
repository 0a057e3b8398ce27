import { describe, expect, it } from "vitest";

import { addedAtPercentile, median, pairedRatio, percentile } from "./statistics.ts";

const hundred = Array.from({ length: 100 }, (_, index) => 100 - index);

describe("percentile", () => {
  it.each([
    [50, 50],
    [95, 95],
    [100, 100],
    [0, 1],
  ])("takes the nearest rank: %s %% of 1 to 100 is %s", (percent, value) => {
    expect(percentile(hundred, percent)).toBe(value);
  });

  it("is the sample itself where there is one", () => {
    expect(percentile([7], 95)).toBe(7);
  });

  it("refuses to make up a figure of nothing", () => {
    expect(() => percentile([], 50)).toThrow("no samples");
  });
});

describe("median", () => {
  it("is the middle, or the mean of the two middles", () => {
    expect(median([9, 1, 5])).toBe(5);
    expect(median([9, 1, 5, 7])).toBe(6);
  });

  it("leaves its samples as they were", () => {
    const samples = [3, 1, 2];
    median(samples);
    expect(samples).toEqual([3, 1, 2]);
  });
});

describe("addedAtPercentile", () => {
  it("is what the pool adds in the middle block, whatever a noisy one says", () => {
    const quiet = { direct: [1, 1, 1, 2], pool: [1.5, 1.5, 1.5, 2.5] };
    const noisy = { direct: [1, 1, 1, 2], pool: [80, 90, 80, 90] };
    expect(addedAtPercentile([quiet, noisy, quiet], 50)).toEqual({ direct: 1, pool: 1.5, added: 0.5 });
  });

  it("is nothing where both are alike", () => {
    expect(addedAtPercentile([{ direct: hundred, pool: hundred }], 95).added).toBe(0);
  });
});

describe("pairedRatio", () => {
  it("compares each pair with itself, so that a drift of the machine cancels out", () => {
    expect(pairedRatio({ direct: [1, 10, 100], pool: [1.1, 11, 110] })).toBeCloseTo(1.1);
  });

  it("refuses half a pair", () => {
    expect(() => pairedRatio({ direct: [1], pool: [1, 2] })).toThrow("lacks its half");
  });
});
