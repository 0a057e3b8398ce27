import { cpSync, existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { epochMs } from "@open-multi-auth/domain";
import { CACHE, cacheOf } from "../cache.ts";
import { BUILD, withClone, type Clone } from "../clone.ts";
import { ROOT } from "../pack.ts";
import { MOCKED, type Command, type Stage } from "../stages.ts";
import { validate } from "../validate.ts";

/** Plants a fault for each stage in a throw-away clone, and tells which stage of the validation catches it. */
const { values } = parseArgs({
  options: { only: { type: "string" }, gated: { type: "boolean", default: false } },
});
const chosen = MOCKED.filter(({ name }) => values.only === undefined || values.only === name);
if (chosen.length === 0) {
  console.error(`usage: pnpm faults [--gated] [--only ${MOCKED.map(({ name }) => name).join("|")}]`);
  process.exit(2);
}
const caught = await withClone(async (clone) => {
  let count = 0;
  for (const stage of chosen) {
    const verdict = await plant(stage, clone);
    clone.restore();
    if (verdict === "caught") count += 1;
    console.log(`${verdict === "caught" ? "✓" : "✗"} ${stage.name}: ${verdict}`);
  }
  return count;
});
console.log(`${caught} of ${chosen.length} faults are caught by the stage meant to catch them`);
process.exitCode = caught === chosen.length ? 0 : 1;

async function plant(stage: Stage, clone: Clone): Promise<string> {
  if (!clone.apply(readFileSync(join(ROOT, "tooling/faults", `${stage.name}.patch`), "utf8")))
    return "the patch does not fit any more";
  if (stage.name !== "static" && (await clone.run(BUILD)).exitCode !== 0) return "it does not even build";
  if (stage.name === "acceptance" && !values.gated) lendReports(clone);
  const result = await validate({ mode: "mocked", spend: false }, stagesFor(stage), {
    clock: { now: () => epochMs(Date.now()) },
    evidence: join(clone.reports, "evidence"),
    fingerprints: () => ({}),
    about: {},
    environment: {},
    reports: join(cacheOf(clone.folder), "reports/mocked"),
    run: (command, reports) => clone.run(values.gated ? command : untilRed(command), reports),
    print: () => {},
  });
  if (result.isOk()) return "missed";
  const red = result.error.code === "STAGE_RED" ? result.error.details.stage : result.error.code;
  return red === stage.name ? "caught" : `caught by ${red}`;
}

/** As in a whole validation, or the stage with only what it cannot do without. */
function stagesFor(stage: Stage): readonly Stage[] {
  const upTo = MOCKED.slice(0, MOCKED.indexOf(stage) + 1);
  return values.gated
    ? upTo
    : upTo.filter((one) => one === stage || (stage.name === "slo" && one.name === "soak"));
}

/** One red test is enough. */
function untilRed(command: Command): Command {
  const [, name = ""] = command;
  if (name === "test:web:headless") return [...command, "-x"];
  return /^(?:vitest|test:(?!soak))/.test(name) ? [...command, "--bail=1"] : command;
}

/** The stage judges what the others left, so it gets what the last validation here left. */
function lendReports({ folder }: Clone): void {
  const reports = join(CACHE, "reports");
  if (!existsSync(reports)) throw new Error("run `pnpm validate` first: the last stage judges its reports");
  cpSync(reports, join(cacheOf(folder), "reports"), { recursive: true });
}
