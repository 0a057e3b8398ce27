import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { ROOT } from "../pack.ts";
import { parseBreak, sample, verdictOf, type Break } from "./break.ts";

/** Breaks promised behaviours one by one, and looks whether the test of each turns red. */
const { values } = parseArgs({
  options: {
    sample: { type: "string", default: "40" },
    seed: { type: "string", default: "1" },
    only: { type: "string" },
  },
});
const FOLDER = join(ROOT, "tooling/breaks");
const ids = readdirSync(FOLDER).flatMap((name) =>
  name.endsWith(".patch") ? name.slice(0, -".patch".length) : [],
);
const chosen =
  values.only === undefined ? sample(ids, Number(values.sample), Number(values.seed)) : [values.only];
const results = chosen.map((id) => {
  const verdict = tryOut(parseBreak(id, readFileSync(join(FOLDER, `${id}.patch`), "utf8")));
  console.log(`${verdict === "caught" ? "✓" : "✗"} ${id}: ${verdict}`);
  return verdict;
});
console.log(
  `${results.filter((verdict) => verdict === "caught").length} of ${results.length} caught (seed ${values.seed})`,
);
process.exitCode = results.length > 0 && results.every((verdict) => verdict === "caught") ? 0 : 1;

/** The tree is put back, whatever happens. */
function tryOut({ id, project, file, patch }: Break): string {
  if (apply(patch, "--check") !== 0) return "the patch does not fit any more";
  const folder = mkdtempSync(join(tmpdir(), "oma-break-"));
  const putBack = (): void => void apply(patch, "-R");
  const interrupted = (): never => {
    putBack();
    process.exit(130);
  };
  process.once("SIGINT", interrupted);
  apply(patch);
  try {
    const report = join(folder, "report.json");
    spawnSync(
      join(ROOT, "node_modules/.bin/vitest"),
      ["run", "--project", project, file, "--reporter=json", `--outputFile=${report}`],
      { cwd: ROOT, stdio: "ignore" },
    );
    return verdictOf(id, JSON.parse(readFileSync(report, "utf8")));
  } finally {
    putBack();
    process.off("SIGINT", interrupted);
    rmSync(folder, { recursive: true, force: true });
  }
}

function apply(patch: string, ...options: readonly string[]): number | null {
  return spawnSync("git", ["apply", "--whitespace=nowarn", ...options], { cwd: ROOT, input: patch }).status;
}
