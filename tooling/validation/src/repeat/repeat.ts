import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readReports } from "../outcomes/read-reports.ts";
import type { Ended } from "../run-command.ts";
import type { Command } from "../stages.ts";

/** A suite that is run again and again; it reports to the folder that its run is given. */
export interface Suite {
  readonly name: string;
  readonly command: Command;
}

/** What rounds of suites told. */
export interface Rounds {
  readonly rounds: number;
  readonly redRounds: number;
  /** Tests that failed, with the number of rounds in which they did. */
  readonly failed: ReadonlyMap<string, number>;
}

/** Runs suites a number of times, all of them however they end. */
export async function repeat(
  suites: readonly Suite[],
  times: number,
  run: (command: Command, reports: string) => Promise<Ended>,
  print: (line: string) => void,
): Promise<Rounds> {
  const failed = new Map<string, number>();
  let redRounds = 0;
  for (let round = 1; round <= times; round += 1) {
    for (const { name, command } of suites) {
      const { exitCode, titles } = await runOnce(command, run);
      for (const title of titles) failed.set(title, (failed.get(title) ?? 0) + 1);
      if (exitCode !== 0) redRounds += 1;
      print(`${exitCode === 0 ? "✓" : "✗"} ${name}, round ${round} of ${times}`);
    }
  }
  return { rounds: times * suites.length, redRounds, failed };
}

/** The verdict, with a line for each test that failed. */
export function roundsPage({ rounds, redRounds, failed }: Rounds, times: number): string {
  const lines = [...failed].map(
    ([title, count]) => `${count < times ? "flaky" : "broken"}, red ${count} of ${times} times: ${title}`,
  );
  return [...lines, `${rounds - redRounds} of ${rounds} rounds green`].join("\n");
}

async function runOnce(
  command: Command,
  run: (command: Command, reports: string) => Promise<Ended>,
): Promise<{ exitCode: number; titles: Set<string> }> {
  const reports = mkdtempSync(join(tmpdir(), "oma-repeat-"));
  try {
    const { exitCode } = await run(command, reports);
    const failed = readReports(reports).filter(({ outcome }) => outcome === "failed");
    return { exitCode, titles: new Set(failed.map(({ title }) => title)) };
  } finally {
    rmSync(reports, { recursive: true, force: true });
  }
}
