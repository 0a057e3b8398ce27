import { expect, it } from "vitest";
import { wholePercent } from "./whole-percent.ts";

it.each([
  [0, "0"],
  [0.004, "<1"],
  [0.9, "<1"],
  [1, "1"],
  [49.5, "50"],
  [99, "99"],
  [99.96, "99"],
  [100, "100"],
])("%d percent is %s: only nothing is 0, and only all is 100", (percent, text) => {
  expect(wholePercent(percent)).toBe(text);
});
