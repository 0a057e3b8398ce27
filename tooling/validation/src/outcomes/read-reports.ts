import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { resultsIn, type TestResult } from "./results.ts";

/** The variable that names the folder to which vitest and Playwright report as JSON. */
export const REPORTS_VARIABLE = "OMA_REPORTS";

/** Every test of every report under a folder. */
export function readReports(folder: string): TestResult[] {
  return globSync("**/*.json", { cwd: folder }).flatMap((name) =>
    resultsIn(readFileSync(join(folder, name), "utf8")),
  );
}
