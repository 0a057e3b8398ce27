import { describe, expect, it } from "vitest";
import { at, MINUTE } from "../test/builders.ts";
import { watchClock } from "./clock-jump.ts";

const HOUR = 60 * MINUTE;

/** Asks at instants of the wall clock, each with the time that the machine has been up. */
function watched(readings: readonly (readonly [wallMs: number, upMs: number])[]): readonly number[] {
  let upMs = 0;
  const jumpOf = watchClock(() => upMs);
  return readings.map(([wallMs, up]) => {
    upMs = up;
    return jumpOf(at(wallMs));
  });
}

describe("watchClock", () => {
  it("tells each jump once, forward and back", () => {
    const readings = [
      [0, 5],
      [3 * HOUR + 10, 15],
      [3 * HOUR + HOUR, HOUR + 5],
      [HOUR + 20, HOUR + 25],
      [HOUR + 30, HOUR + 35],
    ] as const;
    expect(watched(readings)).toEqual([0, 3 * HOUR, 0, -3 * HOUR, 0]);
  });

  it("takes time that passed, also asleep, for no jump", () => {
    expect(
      watched([
        [0, 0],
        [9 * HOUR, 9 * HOUR],
        [9 * HOUR + 5, 9 * HOUR + 5],
      ]),
    ).toEqual([0, 0, 0]);
  });

  it("sees a jump in the middle of a pause", () => {
    expect(
      watched([
        [0, 0],
        [5 * HOUR, 2 * HOUR],
      ]),
    ).toEqual([0, 3 * HOUR]);
  });

  it("lets pass what is less than a minute", () => {
    expect(
      watched([
        [0, 0],
        [HOUR + MINUTE - 1, HOUR],
      ]),
    ).toEqual([0, 0]);
    expect(
      watched([
        [0, 0],
        [HOUR + MINUTE, HOUR],
      ]),
    ).toEqual([0, MINUTE]);
  });

  it("sees none where nobody tells for how long the machine has been up", () => {
    const jumpOf = watchClock(undefined);
    expect([0, 9 * HOUR, 0].map((ms) => jumpOf(at(ms)))).toEqual([0, 0, 0]);
    expect(
      watched([
        [0, Number.NaN],
        [9 * HOUR, Number.NaN],
        [0, Number.NaN],
      ]),
    ).toEqual([0, 0, 0]);
  });
});
