import { describe, expect, it } from "vitest";
import { account, settings } from "../test/builders.ts";
import { reserveOf, sharesOf, weightOf } from "./weights.ts";

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

describe("sharesOf", () => {
  it("SET-04: makes the weights of these accounts sum to 1, whoever else has one", () => {
    const chosen = settings({ accountWeights: { a: 0.5, b: 0.25, elsewhere: 1 } });
    expect(sharesOf(chosen, ["a", "b", "b2"].map(alias))).toEqual({
      a: 0.5 / 1.75,
      b: 0.25 / 1.75,
      b2: 1 / 1.75,
    });
    expect(sharesOf(settings(), ["a", "__proto__"].map(alias))).toEqual(
      Object.fromEntries([
        ["a", 0.5],
        ["__proto__", 0.5],
      ]),
    );
    expect(sharesOf(settings(), [])).toEqual({});
  });
});

describe("reserveOf", () => {
  it("is what was chosen, else nothing", () => {
    const chosen = settings({ reservePercent: { a: 20 } });
    expect(["a", "b", "constructor"].map((name) => reserveOf(chosen, alias(name)))).toEqual([20, 0, 0]);
  });
});
