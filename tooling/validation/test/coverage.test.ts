import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { ROOT } from "../src/pack.ts";
import { runCommand } from "../src/run-command.ts";

describe("the bounds on tests", () => {
  it("VAL-07: coverage of a package below 80 % is red, and names the package", async () => {
    const covered = await coverageOf("packages/domain/src/series.ts");
    expect(covered).toMatchObject({ exitCode: 0 });
    const bare = await coverageOf("packages/domain/src/{series,force}.ts");
    expect(bare.exitCode).toBe(1);
    expect(bare.excerpt).toMatch(/lines \([\d.]+%\) does not meet "packages\/domain\/src\/\*\*" threshold/);
  });

  it("VAL-07: a mutation score of the decision core below 80 % is red, and torture takes no part", () => {
    const { thresholds, vitest } = JSON.parse(readPackage("stryker.config.json"));
    expect(thresholds.break).toBeGreaterThanOrEqual(80);
    expect(readPackage(vitest.configFile)).toContain('include: ["src/**/*.test.ts"]');
    expect(JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")).scripts.mutate).toContain(
      "scheduler mutate",
    );
  });
});

/** Runs the tests of one file, and judges how much of some files they cover. */
async function coverageOf(include: string) {
  const folder = mkdtempSync(join(tmpdir(), "oma-coverage-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const options = ["--coverage", `--coverage.include=${include}`, `--coverage.reportsDirectory=${folder}`];
  return runCommand(
    [
      process.execPath,
      "node_modules/vitest/vitest.mjs",
      "run",
      "packages/domain/src/series.test.ts",
      ...options,
    ],
    ROOT,
    () => {},
  );
}

const readPackage = (name: string): string => readFileSync(join(ROOT, "packages/scheduler", name), "utf8");
