import { cpSync, existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { epochMs } from "@open-multi-auth/domain";
import { CACHE, cacheOf } from "../cache.ts";
import { BUILD, withClone, type Clone } from "../clone.ts";
import { ROOT } from "../pack.ts";
import { MOCKED, type Command, type Stage } from "../stages.ts";
import { validate } from "../validate.ts";

/**
 * Plants the fault of each stage in a throw-away clone, and tells whether that stage of the validation catches it.
 *
 * With `--gated` it tells whether no stage before would have: each must stay green with the faults of all later ones.
 */
const { values } = parseArgs({
  options: { only: { type: "string" }, gated: { type: "boolean", default: false } },
});
const chosen = MOCKED.filter(({ name }) => values.only === undefined || values.only === name);
if (chosen.length === 0) {
  console.error(`usage: pnpm faults [--gated] [--only ${MOCKED.map(({ name }) => name).join("|")}]`);
  process.exit(2);
}
const wanted = values.gated ? "stays green" : "caught";
const good = await withClone(async (clone) => {
  let count = 0;
  for (const stage of chosen) {
    const verdict = values.gated ? await passOver(stage, clone) : await plant(stage, clone);
    clone.restore();
    if (verdict === wanted) count += 1;
    console.log(`${verdict === wanted ? "✓" : "✗"} ${stage.name}: ${verdict}`);
  }
  return count;
});
console.log(
  values.gated
    ? `${good} of ${chosen.length} stages leave the faults of later stages to them`
    : `${good} of ${chosen.length} faults are caught by the stage meant to catch them`,
);
process.exitCode = good === chosen.length ? 0 : 1;

/** The stage alone, with its own fault: one red test is enough. */
async function plant(stage: Stage, clone: Clone): Promise<string> {
  const failed = await apply([stage], clone);
  if (failed !== undefined) return failed;
  if (stage.name === "acceptance") lendReports(clone);
  const red = await firstRed(stage, clone, untilRed);
  if (red === undefined) return "missed";
  return red === stage.name ? "caught" : `caught by ${red}`;
}

/** The whole stage alone, with the faults of all stages after it. */
async function passOver(stage: Stage, clone: Clone): Promise<string> {
  const failed = await apply(MOCKED.slice(MOCKED.indexOf(stage) + 1), clone);
  if (failed !== undefined) return failed;
  if (stage.name === "acceptance") lendReports(clone);
  const red = await firstRed(stage, clone, (command) => command);
  return red === undefined ? wanted : "catches what is meant for a later stage";
}

/** Says what failed, if anything did. */
async function apply(stages: readonly Stage[], clone: Clone): Promise<string | undefined> {
  for (const { name } of stages)
    if (!clone.apply(readFileSync(join(ROOT, "tooling/faults", `${name}.patch`), "utf8")))
      return `${name}.patch does not fit any more`;
  if (stages.some(({ name }) => name === "static")) return undefined;
  return (await clone.run(BUILD)).exitCode === 0 ? undefined : "it does not even build";
}

/** The stage that turned red, of this one and what it cannot do without. */
async function firstRed(
  stage: Stage,
  clone: Clone,
  shorten: (command: Command) => Command,
): Promise<string | undefined> {
  const needed = MOCKED.filter((one) => one === stage || (stage.name === "slo" && one.name === "soak"));
  const result = await validate({ mode: "mocked", spend: false }, needed, {
    clock: { now: () => epochMs(Date.now()) },
    evidence: join(clone.reports, "evidence"),
    fingerprints: () => ({}),
    about: {},
    environment: {},
    reports: join(cacheOf(clone.folder), "reports/mocked"),
    run: (command, reports) => clone.run(shorten(command), reports),
    print: () => {},
  });
  if (result.isOk()) return undefined;
  return result.error.code === "STAGE_RED" ? result.error.details.stage : result.error.code;
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
