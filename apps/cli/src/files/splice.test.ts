import * as fc from "fast-check";
import { expect, it } from "vitest";
import { revertSplice, spliceBetween } from "./splice.ts";

it("takes any change back", () => {
  const text = fc.string({ unit: fc.constantFrom("a", "b", "\n", "é", "😀") });
  fc.assert(
    fc.property(text, text, (before, after) => {
      expect(revertSplice(after, spliceBetween(before, after))).toBe(before);
    }),
  );
});
