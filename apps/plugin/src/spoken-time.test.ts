import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { spokenDuration } from "./spoken-time.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

describe("spokenDuration", () => {
  it.each([
    [0, "less than a minute"],
    [MINUTE, "about a minute"],
    [7.4 * MINUTE, "about seven minutes"],
    [14 * MINUTE, "about ten minutes"],
    [44 * MINUTE, "about forty minutes"],
    [49.9 * MINUTE, "about fifty minutes"],
    [50 * MINUTE, "about an hour"],
    [HOUR, "about an hour"],
    [4.6 * HOUR, "about five hours"],
    [23 * HOUR, "about twenty-three hours"],
    [30 * HOUR, "about thirty hours"],
    [36 * HOUR, "about two days"],
    [6.9 * DAY, "about seven days"],
    [400 * DAY, "about many days"],
  ])("says %d ms as %s", (duration, words) => expect(spokenDuration(duration)).toBe(words));

  it("never holds a digit", () => {
    fc.assert(
      fc.property(fc.nat(1e11), (duration) => {
        expect(spokenDuration(duration)).not.toMatch(/\d/);
      }),
    );
  });
});
