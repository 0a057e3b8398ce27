import { describe, expect, it } from "vitest";
import { comparePaired, estimate, mayBeMeanOf, signTest } from "./statistics.ts";

describe("estimate", () => {
  it("gives the mean and the margin of Student's t", () => {
    const { mean, margin } = estimate([2, 4, 6]);
    expect(mean).toBe(4);
    // 4.303 · 2 / √3
    expect(margin).toBeCloseTo(4.969, 3);
  });

  it("knows nothing of a single value", () => {
    expect(estimate([3])).toEqual({ mean: 3, margin: Infinity });
  });
});

describe("comparePaired", () => {
  it("sees a small difference that every seed shares under a large one between the seeds", () => {
    const theirs = [10, 500, 90, 1_000, 2];
    const found = comparePaired(
      theirs.map((value, seed) => value + 1 + seed / 10),
      theirs,
    );
    expect(found).toMatchObject({ smaller: 0, larger: 5, isMore: true, isLess: false });
  });

  it("does not take one outlier for a difference", () => {
    expect(comparePaired([1_000, 0, 0, 0, 0], [0, 0, 0, 0, 0]).isMore).toBe(false);
  });

  it("is not blinded by an outlier where most seeds agree", () => {
    const ours = [1, 1, 1, 1, 1, 1, 1, 1, 1, 0];
    const theirs = [0, 0, 0, 0, 0, 0, 0, 0, 0, 100];
    expect(comparePaired(ours, theirs).isMore).toBe(true);
  });

  it("finds nothing where nothing differs", () => {
    expect(comparePaired([0, 0, 0], [0, 0, 0])).toMatchObject({ mean: 0, isMore: false, isLess: false });
  });
});

describe("signTest", () => {
  it.each([
    [0, 5, 0.0625],
    [0, 6, 0.03125],
    [1, 9, 0.021484375],
    [3, 3, 1],
    [0, 0, 1],
  ])("gives a split of %i to %i a probability of %d", (smaller, larger, probability) => {
    expect(signTest(smaller, larger)).toBeCloseTo(probability, 12);
  });
});

const at = (published: number) => mayBeMeanOf(published, [9, 10, 11], { publishedCount: 3, rounding: 0 });

describe("mayBeMeanOf", () => {
  it("takes a mean within the interval of the difference of two means", () => {
    // 4.303 · √(1 · (1/3 + 1/3)) = 3.513
    expect(at(13.5)).toBe(true);
    expect(at(13.52)).toBe(false);
    expect(at(6.48)).toBe(false);
  });

  it("reproduces nothing with one seed", () => {
    expect(mayBeMeanOf(5, [5], { publishedCount: 30, rounding: 0 })).toBe(false);
  });
});
