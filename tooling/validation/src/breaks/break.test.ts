import { describe, expect, it } from "vitest";
import { ROOT } from "../pack.ts";
import type { TestResult } from "../outcomes/results.ts";
import { filesWith, KINDS, sample, verdictOf } from "./break.ts";

const test = (outcome: TestResult["outcome"], title: string): TestResult => ({ outcome, title });

describe("a break", () => {
  it("is tried on the files whose titles carry its id", () => {
    const files = KINDS.flatMap((kind) => filesWith("LIM-14", kind, ROOT));
    expect(files).toContain("packages/limits-probe/src/apply-probe.test.ts");
    expect(files.every((path) => /\.(?:test|e2e|spec)\.tsx?$/.test(path))).toBe(true);
  });

  it("is caught by a red test of its id, and by no other", () => {
    const red = test("failed", "CON-05: rests");
    expect(verdictOf("CON-05", [red, test("passed", "CON-06: else")])).toBe("caught");
    expect(verdictOf("CON-05", [test("passed", "CON-05: rests")])).toBe("missed");
    expect(verdictOf("CON-05", [red, test("failed", "CON-06: else")])).toBe("too much: CON-06: else");
    expect(verdictOf("CON-05", [test("failed", "CON-06: else")])).toBe("missed");
  });

  it("is chosen by the seed alone", () => {
    const ids = Array.from({ length: 30 }, (_, index) => `CON-${index}`);
    expect(sample(ids, 5, 1)).toEqual(sample(ids.toReversed(), 5, 1));
    expect(sample(ids, 5, 1)).not.toEqual(sample(ids, 5, 2));
    expect(new Set(sample(ids, 30, 3)).size).toBe(30);
  });
});
