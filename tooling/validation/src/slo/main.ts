import { readFile } from "node:fs/promises";
import { cpus } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { metricsOf } from "@open-multi-auth/domain";
import { CACHE } from "../cache.ts";
import { ROOT } from "../pack.ts";
import { judgeSoak } from "../soak/judge.ts";
import type { Progress } from "../soak/progress.ts";
import { baselineIn } from "./baseline.ts";
import { areKept, levelsPage, serviceLevels } from "./report.ts";

/** Judges the service levels of the newest compressed soak, or tells its figures as a baseline to keep. */
const { values } = parseArgs({ options: { baseline: { type: "boolean", default: false } } });
const folder = join(CACHE, "soak-compressed");
const text = await readFile(join(folder, "verdict.json"), "utf8").catch(() => undefined);
if (text === undefined) {
  console.error("there is no soak to judge: run `pnpm test:soak` first");
  process.exit(2);
}
const { progress, load }: { progress: Progress; load: number } = JSON.parse(text);
const { records } = await judgeSoak(folder, progress);
const name = `${cpus()[0]?.model ?? "unknown"}, ${cpus().length} cores`;
const metrics = metricsOf(records);
if (values.baseline) {
  const { p50, p95 } = metrics.addedLatencyMs;
  const at = new Date().toISOString().slice(0, 10);
  console.log(JSON.stringify({ machine: name, load, p50Ms: p50, p95Ms: p95, at }, null, 2));
} else {
  const observed = {
    records,
    unhandledExceptions: progress.problems.filter((problem) => problem.startsWith("ended with")).length,
    probesThatChangedLimits: progress.problems.filter((problem) =>
      problem.startsWith("probe: LIMITS_CHANGED"),
    ).length,
  };
  const page = await readFile(join(ROOT, "docs/QA.md"), "utf8").catch(() => "");
  const levels = serviceLevels(observed, baselineIn(page), { name, cores: cpus().length, load });
  console.log(levelsPage(levels, metrics));
  process.exitCode = areKept(levels) ? 0 : 1;
}
