import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { ROOT } from "../src/pack.ts";
import { repeat, roundsPage, type Suite } from "../src/repeat/repeat.ts";
import { REPORTS_VARIABLE } from "../src/outcomes/read-reports.ts";
import { runCommand } from "../src/run-command.ts";

it("VAL-06: five rounds are green only if every one is, and a test that fails in one of them is named as flaky", async () => {
  const flaky = await rounds(`
    import { appendFileSync, readFileSync } from "node:fs";
    it("stands", () => {});
    it("falls at times", () => {
      appendFileSync("log", "x");
      expect(readFileSync("log", "utf8")).not.toBe("xxx");
    });
  `);
  expect(flaky.redRounds).toBe(1);
  expect(roundsPage(flaky, 5)).toBe("flaky, red 1 of 5 times: falls at times\n4 of 5 rounds green");
  const steady = { rounds: 5, redRounds: 0, failed: new Map() };
  expect(roundsPage(steady, 5)).toBe("5 of 5 rounds green");
  const broken = { rounds: 5, redRounds: 5, failed: new Map([["falls", 5]]) };
  expect(roundsPage(broken, 5)).toBe("broken, red 5 of 5 times: falls\n0 of 5 rounds green");
});

/** Five rounds of a suite of one file. */
async function rounds(file: string) {
  const folder = mkdtempSync(join(tmpdir(), "oma-rounds-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  writeFileSync(join(folder, "a.test.js"), file);
  const config = `
    const outputFile = process.env.${REPORTS_VARIABLE} + "/report.json";
    export default { test: { globals: true, reporters: [["json", { outputFile }]] } };
  `;
  writeFileSync(join(folder, "vitest.config.mjs"), config);
  const suite: Suite = { name: "small", command: [join(ROOT, "node_modules/.bin/vitest"), "run"] };
  return repeat(
    [suite],
    5,
    (command, reports) => runCommand(command, folder, () => {}, { [REPORTS_VARIABLE]: reports }),
    () => {},
  );
}
