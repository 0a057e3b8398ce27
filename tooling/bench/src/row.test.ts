import { describe, expect, it } from "vitest";

import { verdictOf } from "./row.ts";

describe("verdictOf", () => {
  it.each([
    [0.1, 0.1, "ok"],
    [-0.02, 0.1, "ok"],
    [0.11, 0.1, "missed"],
    [1, 0, "missed"],
    [undefined, 0, "not measured"],
    [Number.NaN, 1, "not measured"],
    [7, undefined, "no bound"],
  ] as const)("%s against at most %s is %s", (value, bound, verdict) => {
    expect(verdictOf({ value, ...(bound !== undefined && { bound }) })).toBe(verdict);
  });
});
