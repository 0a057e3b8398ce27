import { describe, expect, it } from "vitest";
import { coloursFor } from "./colours.ts";
import { diffText } from "./diff.ts";

const plain = coloursFor(false, {});
const shown = (before: string | null, after: string | null): string[] =>
  diffText({ path: "f", before, after }, plain).split("\n");

describe("diffText", () => {
  it("shows each place that changes with two lines around it, and leaves out what is between", () => {
    const before = "a\nb\nc\nd\ne\nf\ng\nh\n";
    const after = "x\na\nb\nc\nd\ne\nf\nH\n";
    expect(shown(before, after)).toEqual([
      "f",
      "+ x",
      "  a",
      "  b",
      "  ...",
      "  e",
      "  f",
      "- g",
      "- h",
      "+ H",
    ]);
  });

  it("shows a file that is made or removed", () => {
    expect(shown(null, "a\n")).toEqual(["f (new)", "+ a"]);
    expect(shown("a\nb\n", null)).toEqual(["f (removed)", "- a", "- b"]);
  });
});
