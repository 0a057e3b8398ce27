import { mkdirSync, writeFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { ALL_SCENARIOS } from "./all-scenarios.ts";
import { judge } from "./judge.ts";
import { parseOptions } from "./options.ts";
import { renderPage } from "./report/page.ts";
import { PLOTS } from "./report/plots.ts";
import { renderSummary } from "./report/summary.ts";
import { runParallel } from "./run-parallel.ts";

const DOCS = new URL("../../../docs/", import.meta.url);

const { seeds, only, write, check, workers } = parseOptions(process.argv.slice(2), availableParallelism());
const scenarios = ALL_SCENARIOS.filter(({ id }) => only === undefined || id === only);
if (scenarios.length === 0) {
  process.stderr.write(`--only takes one of: ${ALL_SCENARIOS.map(({ id }) => id).join(", ")}\n`);
  process.exit(2);
}
if (write && only !== undefined) {
  process.stderr.write("--write needs every scenario: leave out --only\n");
  process.exit(2);
}

const results = await runParallel(scenarios, seeds, {
  workers,
  onDone: (done, of) => {
    if (process.stderr.isTTY) process.stderr.write(`\r${done} of ${of} simulations`);
  },
});
if (process.stderr.isTTY) process.stderr.write("\n");
process.stdout.write(renderSummary(results));
if (write) {
  writeFileSync(new URL("scheduling.md", DOCS), renderPage(results));
  const folder = new URL("scheduling/", DOCS);
  mkdirSync(folder, { recursive: true });
  for (const { file, render } of PLOTS) writeFileSync(new URL(file, folder), render(results));
}
if (check && !judge(results, "headroom").every(({ holds, required }) => holds || !required))
  process.exitCode = 1;
