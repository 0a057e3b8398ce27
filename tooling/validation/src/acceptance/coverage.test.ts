import { describe, expect, it } from "vitest";
import type { TestResult } from "../outcomes/results.ts";
import { acceptanceCoverage, coveragePage, isWhole } from "./coverage.ts";
import { promisesIn, toldTests } from "./promises.ts";

const page = `
- **AAA-01** It answers.
- **AAA-02** It rotates; see AAA-03.
- **BBB-01** It stays.

## Not built

- **CCC-01** to **CCC-03**: workspaces
`;
const promises = promisesIn(page);
const NONE = toldTests("");
const test = (title: string, outcome: TestResult["outcome"] = "passed"): TestResult => ({ title, outcome });
const whole = [test("a request AAA-01, AAA-02: answers"), test("BBB-01: stays")];

const cases = (count: number) => Array.from({ length: count }, (_, index) => test(`ISO-01: case ${index}`));

describe("acceptanceCoverage", () => {
  it("counts the ids of passed tests only", () => {
    expect(promises).toEqual({
      built: ["AAA-01", "AAA-02", "BBB-01"],
      notBuilt: ["CCC-01", "CCC-02", "CCC-03"],
    });
    expect(isWhole(acceptanceCoverage(promises, NONE, whole))).toBe(true);
    const coverage = acceptanceCoverage(promises, NONE, [
      ...whole.slice(0, 1),
      test("BBB-01: stays", "skipped"),
      test("AAA-02: also here", "failed"),
    ]);
    expect(coverage).toMatchObject({
      proven: ["AAA-01"],
      missing: ["BBB-01"],
      broken: ["AAA-02"],
      unknown: [],
      thin: ["BBB"],
    });
    expect(isWhole(coverage)).toBe(false);
    expect(isWhole(acceptanceCoverage(promises, NONE, []))).toBe(false);
  });

  it("tells ids that nobody promised, and takes other words for none", () => {
    const coverage = acceptanceCoverage(promises, NONE, [
      ...whole,
      test("AAA-77: more"),
      test("RFC-12 and XYZ-16"),
    ]);
    expect(coverage.unknown).toEqual(["AAA-77"]);
    expect(isWhole(coverage)).toBe(false);
  });

  it("wants as many tests of an area as are told, each case of a table counted", () => {
    const isolation = promisesIn("- **ISO-01** It stands alone.\n");
    expect(
      isWhole(acceptanceCoverage(isolation, toldTests("| ISO, apart | >= 20 | here |"), cases(20))),
    ).toBe(true);
    expect(
      isWhole(acceptanceCoverage(isolation, toldTests("| ISO, apart | >= 20 | here |"), cases(19))),
    ).toBe(false);
  });

  it("shows each area, and what is not built", () => {
    const shown = coveragePage(promises, acceptanceCoverage(promises, NONE, whole.slice(0, 1)));
    expect(shown.split("\n")).toEqual([
      "AAA 2/2, 1 tests",
      "BBB 0/1, 0 tests",
      "2 of 3 promises are proven by tests that passed",
      "missing: BBB-01",
      "too few tests: BBB",
      "not built: CCC-01 CCC-02 CCC-03",
    ]);
  });
});
