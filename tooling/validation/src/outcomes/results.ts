/** One test of a report, with the titles of what it stands in before its own. */
export interface TestResult {
  readonly title: string;
  readonly outcome: "passed" | "failed" | "skipped";
}

interface VitestReport {
  readonly testResults: readonly {
    readonly name: string;
    readonly status: string;
    readonly assertionResults: readonly { readonly status: string; readonly fullName: string }[];
  }[];
}

interface PlaywrightSuite {
  readonly title: string;
  readonly suites?: readonly PlaywrightSuite[];
  readonly specs: readonly {
    readonly title: string;
    readonly tests: readonly { readonly status: string }[];
  }[];
}

type Report = VitestReport | { readonly suites: readonly PlaywrightSuite[] };

/** Reads the JSON that vitest or Playwright reports. */
export function resultsIn(text: string): TestResult[] {
  const report: Report = JSON.parse(text);
  return "testResults" in report ? report.testResults.flatMap(ofFile) : report.suites.flatMap(ofSuite);
}

/** A file that could not even be loaded has no test to name, so it stands for them. */
function ofFile({ name, status, assertionResults }: VitestReport["testResults"][number]): TestResult[] {
  if (status === "failed" && assertionResults.every((test) => test.status !== "failed"))
    return [{ title: name, outcome: "failed" }];
  return assertionResults.map((test) => ({
    title: test.fullName,
    outcome: test.status === "passed" || test.status === "failed" ? test.status : "skipped",
  }));
}

function ofSuite({ title, suites = [], specs }: PlaywrightSuite): TestResult[] {
  const inner = [
    ...suites.flatMap(ofSuite),
    ...specs.map((spec) => ({
      title: spec.title,
      outcome: outcomeOf(spec.tests.map(({ status }) => status)),
    })),
  ];
  return inner.map((result) => ({ ...result, title: `${title} ${result.title}` }));
}

/** A test that passed only when it was tried again did not pass. */
function outcomeOf(statuses: readonly string[]): TestResult["outcome"] {
  if (statuses.every((status) => status === "skipped")) return "skipped";
  return statuses.every((status) => status === "expected" || status === "skipped") ? "passed" : "failed";
}
