import { describe, expect, it } from "vitest";
import { account, at, field, NOW, seeded } from "../../test/builders.ts";
import { leastUsed } from "./least-used.ts";
import { randomOrder } from "./random.ts";

describe("leastUsed", () => {
  it("orders by requests served, then by who has been idle longest, then by linking", () => {
    const given = field([
      account("a", { usageCount: 2 }),
      account("b", { usageCount: 1, lastUsed: NOW }),
      account("c", { usageCount: 1, lastUsed: at(-5) }),
      account("d", { usageCount: 1, lastUsed: at(-5) }),
      account("e", { usageCount: 0 }),
    ]);
    const { first, order, rotation } = leastUsed(given);
    expect(first.alias).toBe("e");
    expect(order().map(({ alias }) => alias)).toEqual(["e", "c", "d", "b", "a"]);
    expect(rotation).toBe(given.rotation);
  });
});

describe("randomOrder", () => {
  it("makes each account first equally often, and each order equally likely", () => {
    const accounts = ["a", "b", "c"].map((name) => account(name));
    const given = field(accounts, { random: seeded(7) });
    const counts = new Map<string, number>();
    const draws = 12_000;
    for (let draw = 0; draw < draws; draw++) {
      const placed = randomOrder(given);
      const order = placed
        .order()
        .map(({ alias }) => alias)
        .join("");
      expect(order[0]).toBe(placed.first.alias);
      counts.set(order, (counts.get(order) ?? 0) + 1);
    }
    expect(counts.size).toBe(6);
    // Chi-square with 5 degrees of freedom: beyond 20.5 once in a thousand; the seed is fixed.
    const expected = draws / 6;
    const chiSquare = [...counts.values()].reduce(
      (sum, found) => sum + (found - expected) ** 2 / expected,
      0,
    );
    expect(chiSquare).toBeLessThan(20.5);
  });
});
