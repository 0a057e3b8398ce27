import { parseArgs } from "node:util";
import { ROOT } from "../pack.ts";
import { REPORTS_VARIABLE } from "../outcomes/read-reports.ts";
import { runCommand } from "../run-command.ts";
import { repeat, roundsPage, type Suite } from "./repeat.ts";

/** Runs the suites that wait for real processes and a real browser several times: one red round is too many. */
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { times: { type: "string", default: "5" } },
});
const SUITES: readonly Suite[] = [
  { name: "integration", command: ["pnpm", "test:integration"] },
  { name: "web", command: ["pnpm", "test:web:headless"] },
];
const times = Number(values.times);
const suites = SUITES.filter(({ name }) => positionals.length === 0 || positionals.includes(name));
if (!(Number.isInteger(times) && times > 0) || suites.length === 0) {
  console.error("usage: pnpm test:repeat [--times 5] [integration] [web]");
  process.exit(2);
}
const rounds = await repeat(
  suites,
  times,
  (command, reports) =>
    runCommand(command, ROOT, (text) => process.stdout.write(text), { [REPORTS_VARIABLE]: reports }),
  (line) => console.log(line),
);
console.log(roundsPage(rounds, times));
process.exitCode = rounds.redRounds === 0 ? 0 : 1;
