import { rmSync } from "node:fs";
import { join } from "node:path";
import { failure, toIso, type Clock, type Failure } from "@open-multi-auth/domain";
import { err, ok, type Result } from "neverthrow";
import { changedAreas, type Fingerprints } from "./areas.ts";
import {
  folderOf,
  newestRun,
  writeEvidence,
  type CommandRecord,
  type RunRecord,
  type StageRecord,
} from "./evidence.ts";
import { usage, type Options } from "./options.ts";
import type { Ended } from "./run-command.ts";
import type { Command, Stage } from "./stages.ts";
import { stagePage, summaryPage } from "./summary.ts";

/** What the stages stand in. */
export interface Surroundings extends Pick<RunRecord, "about" | "environment"> {
  readonly clock: Clock;
  /** The folder that evidence is collected in. */
  readonly evidence: string;
  readonly fingerprints: () => Fingerprints;
  /** The folder that the tests of each stage report to, in a folder of its name. */
  readonly reports: string;
  readonly run: (command: Command, reports: string) => Promise<Ended>;
  readonly print: (line: string) => void;
}

/** Why a run did not end green. */
export type ValidationFailure =
  | Failure<"USAGE">
  /** A stage is red; `resume` begins with it again. */
  | Failure<"STAGE_RED", { stage: string; resume: string }>
  /** Stages before the one to begin with were never green, or stand for other code. */
  | Failure<"CANNOT_RESUME", { areas: readonly string[] }>;

/** Runs the stages one after the other, each only where the last is green, and keeps evidence of each. */
export async function validate(
  options: Options,
  stages: readonly Stage[],
  around: Surroundings,
): Promise<Result<string, ValidationFailure>> {
  const begun = begin(options, stages, around);
  if (begun.isErr()) return err(begun.error);
  let run = begun.value;
  const folder = folderOf(around.evidence, run);
  for (const stage of stages.slice(run.stages.length)) {
    around.print(`\n▶ ${stage.name}: ${stage.proves}`);
    const record = await runStage(stage, around);
    writeEvidence(`${folder}/${stage.name}`, "record.md", stagePage(record));
    run = { ...run, stages: [...run.stages, record] };
    keep(folder, run, stages, record.isGreen ? `green up to ${stage.name}` : `RED in ${stage.name}`);
    around.print(`${record.isGreen ? "✓" : "✗"} ${stage.name}, ${(record.ms / 1_000).toFixed(1)} s`);
    if (!record.isGreen) return err(red(stage, options));
  }
  keep(folder, run, stages, "All stages are green");
  return ok(folder);
}

function begin(
  { mode, from }: Options,
  stages: readonly Stage[],
  { clock, about, environment, evidence, fingerprints }: Surroundings,
): Result<RunRecord, ValidationFailure> {
  const startedAt = toIso(clock.now()) ?? "";
  const fresh = { mode, startedAt, about, environment, fingerprints: fingerprints(), stages: [] };
  if (from === undefined) return ok(fresh);
  const index = stages.findIndex(({ name }) => name === from);
  if (index === -1) return err(usage(`--from must be one of ${stages.map(({ name }) => name).join(", ")}`));
  if (index === 0) return ok(fresh);
  const last = newestRun(evidence, mode);
  const before = last?.stages.slice(0, index) ?? [];
  const isProven =
    before.length === index &&
    before.every(({ stage, isGreen }, at) => isGreen && stage === stages[at]?.name);
  if (!last || !isProven)
    return err(cannotResume(`the stages before ${from} were not all green in the newest ${mode} run`, []));
  const changed = changedAreas(last.fingerprints, fingerprints());
  if (changed.length > 0)
    return err(cannotResume(`code changed since those stages were green: ${changed.join(", ")}`, changed));
  return ok({ ...last, about, environment, stages: before });
}

async function runStage(
  { name, commands }: Stage,
  { clock, reports, run }: Surroundings,
): Promise<StageRecord> {
  const reported = join(reports, name);
  rmSync(reported, { recursive: true, force: true });
  const startedAt = clock.now();
  const runs: CommandRecord[] = [];
  for (const command of commands) {
    const at = clock.now();
    const { exitCode, excerpt } = await run(command, reported);
    runs.push({ command: command.join(" "), exitCode, ms: clock.now() - at, excerpt });
    if (exitCode !== 0) break;
  }
  return {
    stage: name,
    startedAt: toIso(startedAt) ?? "",
    ms: clock.now() - startedAt,
    isGreen: runs.every(({ exitCode }) => exitCode === 0),
    runs,
  };
}

function keep(folder: string, run: RunRecord, stages: readonly Stage[], verdict: string): void {
  // Excerpts are in each stage's own record.
  const brief = run.stages.map((stage) => ({
    ...stage,
    runs: stage.runs.map((one) => ({ ...one, excerpt: "" })),
  }));
  writeEvidence(folder, "run.json", `${JSON.stringify({ ...run, stages: brief }, null, 2)}\n`);
  writeEvidence(folder, "summary.md", summaryPage(run, stages, verdict));
}

function red({ name }: Stage, { mode }: Options): ValidationFailure {
  const resume = `pnpm validate --mode ${mode} --from ${name}`;
  return failure("STAGE_RED", `${name} is red; when it is mended, go on with: ${resume}`, {
    stage: name,
    resume,
  });
}

const cannotResume = (why: string, areas: readonly string[]): ValidationFailure =>
  failure("CANNOT_RESUME", `${why}; begin anew with: pnpm validate`, { areas });
