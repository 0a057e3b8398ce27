import type { Account, RotationState, Settings } from "@open-multi-auth/domain";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { account, field, NEW_ROTATION, settings } from "../../test/builders.ts";
import { weightedRoundRobin } from "./weighted-round-robin.ts";

type Weights = Settings["accountWeights"];
const accountsOf = (weights: Weights) => Object.keys(weights).map((name) => account(name));

function serve(
  weights: Weights,
  turns: number,
  from: RotationState = NEW_ROTATION,
  eligible = accountsOf(weights),
) {
  const accounts = accountsOf(weights);
  let rotation = from;
  const served: string[] = [];
  for (let turn = 0; turn < turns; turn++) {
    const placed = weightedRoundRobin(
      field(accounts, { eligible, settings: settings({ accountWeights: weights }), rotation }),
    );
    served.push(placed.first.alias);
    rotation = placed.rotation;
  }
  return { served, rotation };
}

const count = (served: readonly string[], alias: string) => served.filter((one) => one === alias).length;
const weightsArbitrary = fc
  .array(fc.oneof(fc.constantFrom(0.01, 0.1, 0.5, 1), fc.double({ min: 0.01, max: 1, noNaN: true })), {
    minLength: 1,
    maxLength: 12,
  })
  .map((list): Weights =>
    Object.fromEntries(list.map((weight, index) => [String.fromCodePoint(97 + index), weight])),
  );

/** How far the count of any account strays from its share, in placements: at any moment, and over any window. */
function drift(weights: Weights, served: readonly string[]): { moment: number; window: number } {
  const total = Object.values(weights).reduce((sum, weight) => sum + weight, 0);
  let moment = 0;
  let span = 0;
  for (const [alias, weight] of Object.entries(weights)) {
    let [ahead, low, high] = [0, 0, 0];
    for (const one of served) {
      ahead += (one === alias ? 1 : 0) - weight / total;
      low = Math.min(low, ahead);
      high = Math.max(high, ahead);
    }
    moment = Math.max(moment, -low, high);
    span = Math.max(span, high - low);
  }
  return { moment, window: span };
}

/**
 * Whether there is an endless order of turns with each count within 1 of its share over any window. With whole weights
 * there are finitely many states of how far each count is ahead and how far it ever was: all of them are looked at.
 */
function canStayWithinOne(weights: readonly number[]): boolean {
  const start = JSON.stringify(weights.map(() => [0, 0, 0]));
  const ways = new Map<string, readonly string[]>();
  const unseen = [start];
  for (let state = unseen.pop(); state !== undefined; state = unseen.pop()) {
    if (ways.has(state)) continue;
    const next = turnsFrom(JSON.parse(state), weights);
    ways.set(state, next);
    unseen.push(...next);
  }
  for (let before = Infinity; ways.size < before;) {
    before = ways.size;
    for (const [state, next] of ways) if (!next.some((one) => ways.has(one))) ways.delete(state);
  }
  return ways.has(start);
}

/** The states that one turn of each account leads to; of each count how far it is ahead, was at least and at most. */
function turnsFrom(
  spans: readonly [number, number, number][],
  weights: readonly number[],
): readonly string[] {
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const next = weights.map((_, turn) =>
    spans.map(([ahead, low, high], index) => {
      const now = ahead + (index === turn ? total : 0) - (weights[index] ?? 0);
      return [now, Math.min(low, now), Math.max(high, now)] as const;
    }),
  );
  return next
    .filter((after) => after.every(([, low, high]) => high - low <= total))
    .map((after) => JSON.stringify(after));
}

describe("weightedRoundRobin", () => {
  it("SET-04: is smooth: the small weights are spread among the large one's turns", () => {
    expect(serve({ a: 0.5, b: 0.1, c: 0.1 }, 14).served.join("")).toBe("aaabaacaaabaac");
  });

  it("SET-04: equal weights are uniform", () => {
    expect(serve({ a: 0.3, b: 0.3, c: 0.3 }, 9).served.join("")).toBe("abcabcabc");
  });

  it("SET-04: 1.0 against the minimum is a heavy skew, and the minimum still serves", () => {
    const { served } = serve({ a: 1, b: 0.01 }, 1010);
    expect([count(served, "a"), count(served, "b")]).toEqual([1000, 10]);
  });

  it("SET-04: property: each count is within 1 of its share at every moment, so within 2 over any window", () => {
    fc.assert(
      fc.property(weightsArbitrary, fc.integer({ min: 1, max: 400 }), (weights, turns) => {
        const found = drift(weights, serve(weights, turns).served);
        expect(found.moment).toBeLessThan(1 + 1e-9);
        expect(found.window).toBeLessThan(2 + 1e-9);
      }),
    );
  });

  it("SET-04: over any window of two accounts' turns each count is within 1 of its share", () => {
    const weight = fc.integer({ min: 1, max: 100 }).map((hundredths) => hundredths / 100);
    fc.assert(
      fc.property(weight, weight, (a, b) => {
        expect(drift({ a, b }, serve({ a, b }, 300).served).window).toBeLessThan(1 + 1e-9);
      }),
    );
  });

  it("no order whatever keeps three accounts of weights 5, 4 and 2 within 1 over any window", () => {
    expect(canStayWithinOne([5, 4, 2])).toBe(false);
    expect(canStayWithinOne([4, 2, 1])).toBe(true);
  });

  it("SET-04: property: nobody starves: two shares' time is the longest wait", () => {
    fc.assert(
      fc.property(weightsArbitrary, (weights) => {
        const total = Object.values(weights).reduce((sum, weight) => sum + weight, 0);
        const { served } = serve(weights, 1_500);
        for (const [alias, weight] of Object.entries(weights)) {
          let wait = 0;
          for (const one of served) {
            wait = one === alias ? 0 : wait + 1;
            expect(wait).toBeLessThanOrEqual(Math.ceil((2 * total) / weight));
          }
        }
      }),
      { numRuns: 10 },
    );
  });

  it("property: places alike whether it remembers its balances or they come from a file, whoever is there", () => {
    const members = fc.array(fc.subarray(["a", "b", "c", "d"], { minLength: 1 }), { minLength: 1 });
    fc.assert(
      fc.property(weightsArbitrary, members, (weights, turns) => {
        let [kept, read] = [NEW_ROTATION, NEW_ROTATION];
        for (const present of turns) {
          const eligible = present.map((name) => account(name));
          const all = { ...weights, a: 1, b: 1, c: 1, d: 1 };
          const one = serve(all, 1, kept, eligible);
          expect(serve(all, 1, structuredClone(read), eligible)).toEqual(one);
          kept = read = one.rotation;
        }
      }),
    );
  });

  it("keeps what it owes when the weights change, whatever their scale", () => {
    const { served, rotation } = serve({ a: 1, b: 1, c: 1 }, 1);
    expect(served).toEqual(["a"]);
    expect(serve({ a: 0.01, b: 0.01, c: 0.01 }, 5, rotation).served.join("")).toBe("bcabc");
  });

  it("keeps the balance of an account that rests, and drops those of accounts that are gone", () => {
    const weights = { a: 1, b: 1, c: 1 };
    const rested = serve(weights, 3, serve(weights, 1).rotation, [account("a"), account("b")] as Account[]);
    expect(rested.rotation.current["id-c"]).toBeCloseTo(1 / 3);
    const { rotation } = serve({ b: 1 }, 1, rested.rotation);
    expect(Object.keys(rotation.current)).toEqual(["id-b"]);
  });

  it("weighs an account that nobody named 1, and none below the minimum", () => {
    const chosen = settings({ accountWeights: { a: 1e-9 }, minWeight: 0.5 });
    const { rotation } = weightedRoundRobin(field(accountsOf({ a: 0, b: 0 }), { settings: chosen }));
    expect(rotation.current["id-a"]).toBeCloseTo(1 / 3);
    expect(rotation.current["id-b"]).toBeCloseTo(2 / 3 - 1);
  });
});
