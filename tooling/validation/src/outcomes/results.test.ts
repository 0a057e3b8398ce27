import { describe, expect, it } from "vitest";
import { resultsIn } from "./results.ts";

const vitest = (...files: [status: string, ...tests: [status: string, fullName: string][]][]) =>
  JSON.stringify({
    testResults: files.map(([status, ...tests]) => ({
      name: "a.test.ts",
      status,
      assertionResults: tests.map(([of, fullName]) => ({ status: of, fullName })),
    })),
  });

const spec = (title: string, ...statuses: string[]) => ({
  title,
  tests: statuses.map((status) => ({ status })),
});

describe("resultsIn", () => {
  it("reads vitest's report", () => {
    const text = vitest(["failed", ["passed", "a one"], ["failed", "a two"], ["pending", "a three"]]);
    expect(resultsIn(text).map(({ outcome }) => outcome)).toEqual(["passed", "failed", "skipped"]);
  });

  it("takes a file that could not be loaded for a failed test", () => {
    expect(resultsIn(vitest(["failed"]))).toEqual([{ title: "a.test.ts", outcome: "failed" }]);
    expect(resultsIn(vitest(["failed", ["passed", "a one"]]))[0]?.outcome).toBe("failed");
  });

  it("reads Playwright's report, in which a test that had to be tried again did not pass", () => {
    const inner = { title: "force", specs: [spec("one", "expected"), spec("two", "flaky")] };
    const text = JSON.stringify({
      suites: [{ title: "force.spec.ts", specs: [spec("three", "skipped")], suites: [inner] }],
    });
    expect(resultsIn(text)).toEqual([
      { title: "force.spec.ts force one", outcome: "passed" },
      { title: "force.spec.ts force two", outcome: "failed" },
      { title: "force.spec.ts three", outcome: "skipped" },
    ]);
  });
});
