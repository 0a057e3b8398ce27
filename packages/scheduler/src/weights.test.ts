import { describe, expect, it } from "vitest";
import { account, settings } from "../test/builders.ts";
import { reserveOf, weightOf } from "./weights.ts";

const alias = (name: string) => account(name).alias;

describe("weightOf", () => {
  it("is what was chosen, at least the minimum, else 1", () => {
    const chosen = settings({ accountWeights: { a: 0.5, b: 0.001 }, minWeight: 0.01 });
    expect(["a", "b", "c"].map((name) => weightOf(chosen, alias(name)))).toEqual([0.5, 0.01, 1]);
  });

  it("STO-15: is 1 for aliases that every object has, unless one was chosen", () => {
    for (const name of ["__proto__", "constructor", "valueOf"]) {
      expect(weightOf(settings(), alias(name))).toBe(1);
      const accountWeights = JSON.parse(`{"${name}": 0.5}`) as Record<string, number>;
      expect(weightOf(settings({ accountWeights }), alias(name))).toBe(0.5);
    }
  });
});

describe("reserveOf", () => {
  it("is what was chosen, else nothing", () => {
    const chosen = settings({ reservePercent: { a: 20 } });
    expect(["a", "b", "constructor"].map((name) => reserveOf(chosen, alias(name)))).toEqual([20, 0, 0]);
  });
});
