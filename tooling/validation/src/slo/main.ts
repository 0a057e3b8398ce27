import { readFile } from "node:fs/promises";
import { cpus } from "node:os";
import { join } from "node:path";
import { metricsOf } from "@open-multi-auth/domain";
import { CACHE } from "../cache.ts";
import { ROOT } from "../pack.ts";
import { judgeSoak } from "../soak/judge.ts";
import type { Progress } from "../soak/progress.ts";
import { baselineIn } from "./baseline.ts";
import { areKept, levelsPage, serviceLevels } from "./report.ts";

/** Judges the service levels of the newest compressed soak. */
const folder = join(CACHE, "soak-compressed");
const text = await readFile(join(folder, "verdict.json"), "utf8").catch(() => undefined);
if (text === undefined) {
  console.error("there is no soak to judge: run `pnpm test:soak` first");
  process.exit(2);
}
const { progress }: { progress: Progress } = JSON.parse(text);
const { records } = await judgeSoak(folder, progress);
const machine = `${cpus()[0]?.model ?? "unknown"}, ${cpus().length} cores`;
const observed = {
  records,
  unhandledExceptions: progress.problems.filter((problem) => problem.startsWith("ended with")).length,
  probesThatChangedLimits: progress.problems.filter((problem) => problem.startsWith("probe: LIMITS_CHANGED"))
    .length,
};
const levels = serviceLevels(
  observed,
  baselineIn(await readFile(join(ROOT, "docs/QA.md"), "utf8").catch(() => "")),
  machine,
);
console.log(levelsPage(levels, metricsOf(records)));
process.exitCode = areKept(levels) ? 0 : 1;
