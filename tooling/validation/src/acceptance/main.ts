import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { CACHE } from "../cache.ts";
import { ROOT } from "../pack.ts";
import { readReports } from "../outcomes/read-reports.ts";
import { acceptanceCoverage, coveragePage, isWhole } from "./coverage.ts";
import { promisesIn, toldTests } from "./promises.ts";

/** Tells which promises the tests of the last validation proved: those whose ids passed tests carry. */
const { values } = parseArgs({
  options: { reports: { type: "string", default: join(CACHE, "reports/mocked") } },
});
const results = readReports(values.reports);
if (results.length === 0) {
  console.error(`there is no report in ${values.reports}: run \`pnpm validate\` first`);
  process.exit(2);
}
const page = (name: string): string => readFileSync(join(ROOT, "docs", name), "utf8");
const promises = promisesIn(page("acceptance.md"));
const coverage = acceptanceCoverage(promises, toldTests(page("QA.md")), results);
console.log(coveragePage(promises, coverage));
process.exitCode = isWhole(coverage) ? 0 : 1;
