import type { RunRecord, StageRecord } from "./evidence.ts";
import type { Stage } from "./stages.ts";

/** The page that a person reads first. */
export function summaryPage(run: RunRecord, stages: readonly Stage[], verdict: string): string {
  const lines = stages.map(({ name, proves }) => {
    const record = run.stages.find(({ stage }) => stage === name);
    return `| ${name} | ${resultOf(record)} | ${record === undefined ? "" : seconds(record.ms)} | ${proves} |`;
  });
  return [
    `# Validation, ${run.mode}, ${run.startedAt}`,
    `**${verdict}**`,
    table(["Stage", "Result", "Seconds", "What it proves"], lines),
    table(["About", ""], pairs(run.about)),
    table(["Variable", ""], pairs(run.environment)),
    "",
  ].join("\n\n");
}

/** A stage's commands with their results and the end of what they printed. */
export function stagePage({ stage, startedAt, isGreen, runs }: StageRecord): string {
  const parts = runs.map(
    ({ command, exitCode, ms, excerpt }) =>
      `## \`${command}\`\n\nExit code ${exitCode} after ${seconds(ms)} s\n\n~~~text\n${excerpt}\n~~~`,
  );
  return [`# ${stage}: ${isGreen ? "green" : "red"}, ${startedAt}`, ...parts, ""].join("\n\n");
}

const resultOf = (record: StageRecord | undefined): string =>
  record === undefined ? "not run" : record.isGreen ? "green" : "RED";

const seconds = (ms: number): string => (ms / 1_000).toFixed(1);

const pairs = (values: Readonly<Record<string, string>>): string[] =>
  Object.entries(values).map(([name, value]) => `| ${name} | ${value} |`);

const table = (head: readonly string[], rows: readonly string[]): string =>
  [`| ${head.join(" | ")} |`, `|${head.map(() => " --- |").join("")}`, ...rows].join("\n");
