import { mkdir, rm, writeFile } from "node:fs/promises";
import { loadavg } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { parseArgs } from "node:util";
import { CACHE } from "../cache.ts";
import { judgeSoak } from "./judge.ts";
import { STEPS } from "./plan.ts";
import { readProgress } from "./progress.ts";
import { soak } from "./soak.ts";

const { values } = parseArgs({
  options: { pace: { type: "string", default: "compressed" }, seed: { type: "string", default: "1" } },
});
const pace = values.pace === "wall" ? "wall" : "compressed";
const folder = join(CACHE, `soak-${pace}`);
const before = await readProgress(folder);
if (pace === "compressed" || before?.step === STEPS) await rm(folder, { recursive: true, force: true });
else if (before) console.log(`goes on after hour ${(before.step / STEPS) * 48} of 48`);
await mkdir(folder, { recursive: true });
const progress = await soak({
  folder,
  pace,
  seed: Number(values.seed),
  now: () => Date.now(),
  pause: (ms) => pause(ms),
  print: (line) => console.log(line),
});
const [load] = loadavg();
const { violations } = await judgeSoak(folder, progress);
await writeFile(join(folder, "verdict.json"), JSON.stringify({ violations, load, progress }, null, 2));
console.log(
  `${progress.served} of ${progress.asked} served, ${progress.crashes} crashes, ${progress.renewals} renewals`,
);
for (const violation of violations) console.error(`violation: ${violation}`);
console.log(
  violations.length === 0 ? `all is well; see ${folder}/verdict.json` : `${violations.length} violations`,
);
process.exitCode = violations.length === 0 ? 0 : 1;
