import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { promisesIn } from "../acceptance/promises.ts";
import { BUILD, withClone, type Clone } from "../clone.ts";
import { ROOT } from "../pack.ts";
import { readReports } from "../outcomes/read-reports.ts";
import { filesWith, KINDS, needBuild, sample, verdictOf } from "./break.ts";

/** Breaks promised behaviours one by one, and looks whether the test of each turns red. */
const { values } = parseArgs({
  options: {
    sample: { type: "string", default: "40" },
    seed: { type: "string", default: "1" },
    only: { type: "string", multiple: true },
  },
});
const promises = promisesIn(readFileSync(join(ROOT, "docs/acceptance.md"), "utf8"));
const chosen = values.only ?? sample(promises.built, Number(values.sample), Number(values.seed));
const caught = await withClone(async (clone) => {
  let count = 0;
  for (const id of chosen) {
    const verdict = await tryOut(id, clone);
    clone.restore();
    if (verdict.startsWith("caught")) count += 1;
    console.log(`${verdict.startsWith("caught") ? "✓" : "✗"} ${id}: ${verdict}`);
  }
  return count;
});
console.log(`${caught} of ${chosen.length} caught${values.only ? "" : ` (seed ${values.seed})`}`);
process.exitCode = chosen.length > 0 && caught === chosen.length ? 0 : 1;

/** Runs the tests that carry the id, the cheap ones first, until one of them turns red. */
async function tryOut(id: string, clone: Clone): Promise<string> {
  const path = join(ROOT, "tooling/breaks", `${id}.patch`);
  if (!existsSync(path)) return "there is no patch";
  if (!clone.apply(readFileSync(path, "utf8"))) return "the patch does not fit any more";
  for (const { kind, files } of testsOf(id, clone)) {
    if (needBuild(files) && (await clone.run(BUILD)).exitCode !== 0) return "it does not even build";
    await clone.run([...kind.command, ...files]);
    const verdict = verdictOf(id, readReports(clone.reports));
    if (verdict !== "missed") return `${verdict}, ${kind.name}`;
  }
  return "missed";
}

function testsOf(id: string, { folder }: Clone) {
  return KINDS.map((kind) => ({ kind, files: filesWith(id, kind, folder) })).filter(
    ({ files }) => files.length > 0,
  );
}
