import { epochMs, type Account, type RotationState } from "@open-multi-auth/domain";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { account, field, NEW_ROTATION } from "../../test/builders.ts";
import { roundRobin } from "./round-robin.ts";

const [A, B, C, D] = ["a", "b", "c", "d"].map((name) => account(name)) as [
  Account,
  Account,
  Account,
  Account,
];
const place = (eligible: readonly Account[], rotation: RotationState) =>
  roundRobin(field(eligible, { rotation }));
/** Who serves when the eligible accounts are those of each step in turn. */
function serve(steps: readonly (readonly Account[])[], from: RotationState = NEW_ROTATION): string[] {
  let rotation = from;
  return steps.map((eligible) => {
    const placed = place(eligible, rotation);
    rotation = placed.rotation;
    return placed.first.alias;
  });
}

describe("roundRobin", () => {
  it("CON-02: serves in the order of linking, over and over, with the others in turn behind", () => {
    expect(
      serve([
        [A, B, C],
        [A, B, C],
        [A, B, C],
        [A, B, C],
      ]),
    ).toEqual(["a", "b", "c", "a"]);
    const { rotation } = place([A, B, C], NEW_ROTATION);
    expect(place([A, B, C], rotation).order()).toEqual([B, C, A]);
  });

  it("passes over an account that rests without serving its neighbour twice", () => {
    const two = [A, C];
    expect(serve([[A, B, C], two, two, two, two, [A, B, C], [A, B, C]])).toEqual([
      "a",
      "c",
      "a",
      "c",
      "a",
      "b",
      "c",
    ]);
  });

  it("moves nobody's turn when accounts are added or removed", () => {
    expect(
      serve([
        [A, B, C],
        [A, B, C],
        [B, C],
        [B, C],
        [B, C, D],
        [B, C, D],
      ]),
    ).toEqual(["a", "b", "c", "b", "c", "d"]);
    expect(
      serve([
        [A, B, C, D],
        [B, C, D],
        [C, D],
        [A, C, D],
      ]),
    ).toEqual(["a", "b", "c", "d"]);
  });

  it("tells accounts that were linked in the same instant apart", () => {
    const together = ["a", "b", "c"].map((name) => account(name, { addedAt: epochMs(1) }));
    expect(serve([together, together, together, together])).toEqual(["a", "b", "c", "a"]);
  });

  it("begins a process where the count of placements points", () => {
    const starts = [0, 1, 2, 3].map((cursor) => serve([[A, C, D]], { ...NEW_ROTATION, cursor })[0]);
    expect(starts).toEqual(["a", "c", "d", "a"]);
  });

  it("property: over whole cycles every account of any eligible subset serves equally often, within one", () => {
    const all = Array.from({ length: 12 }, (_, index) => account(String.fromCodePoint(97 + index)));
    fc.assert(
      fc.property(fc.nat(30), fc.subarray(all, { minLength: 1 }), fc.nat(40), (before, subset, turns) => {
        const lead = serve(Array.from({ length: before }, () => all));
        const served = serve(
          Array.from({ length: before + turns }, (_, turn) => (turn < before ? all : subset)),
        );
        expect(served.slice(0, before)).toEqual(lead);
        const counts = subset.map(({ alias }) => served.slice(before).filter((one) => one === alias).length);
        expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(1);
      }),
    );
  });

  it("property: nobody who stays eligible waits longer than one turn of each other, whatever the rest do", () => {
    const all = Array.from({ length: 8 }, (_, index) => account(String.fromCodePoint(97 + index)));
    const steady = all[3] as Account;
    const step = fc.subarray(all).map((some) => all.filter((one) => one === steady || some.includes(one)));
    fc.assert(
      fc.property(fc.array(step, { minLength: 24, maxLength: 60 }), (steps) => {
        const served = serve(steps);
        for (let from = 0; from + 8 <= served.length; from++) {
          expect(served.slice(from, from + 8)).toContain(steady.alias);
        }
      }),
    );
  });
});
