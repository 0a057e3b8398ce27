import { describe, expect, it } from "vitest";
import { parseBreak, sample, verdictOf } from "./break.ts";

const report = (...tests: [status: string, fullName: string][]) => ({
  testResults: [{ assertionResults: tests.map(([status, fullName]) => ({ status, fullName })) }],
});

describe("a break", () => {
  it("names its test before its diff", () => {
    const text = "test: unit packages/a/src/b.test.ts\ndiff --git a/x b/x\n";
    expect(parseBreak("CON-05", text)).toEqual({
      id: "CON-05",
      project: "unit",
      file: "packages/a/src/b.test.ts",
      patch: "diff --git a/x b/x\n",
    });
    expect(() => parseBreak("CON-05", "diff --git a/x b/x\n")).toThrow("CON-05.patch");
  });

  it("is caught by a red test of its id, and by no other", () => {
    expect(verdictOf("CON-05", report(["failed", "CON-05: rests"], ["passed", "CON-06: else"]))).toBe(
      "caught",
    );
    expect(verdictOf("CON-05", report(["passed", "CON-05: rests"]))).toBe("missed");
    expect(verdictOf("CON-05", report(["failed", "CON-05: rests"], ["failed", "CON-06: else"]))).toBe(
      "too much",
    );
    expect(verdictOf("CON-05", report(["failed", "CON-06: else"]))).toBe("missed");
  });

  it("is chosen by the seed alone", () => {
    const ids = Array.from({ length: 30 }, (_, index) => `CON-${index}`);
    expect(sample(ids, 5, 1)).toEqual(sample(ids.toReversed(), 5, 1));
    expect(sample(ids, 5, 1)).not.toEqual(sample(ids, 5, 2));
    expect(new Set(sample(ids, 30, 3)).size).toBe(30);
  });
});
