import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { connectUpstreamSim } from "@open-multi-auth/upstream-sim";
import { describeMachine } from "../machine.ts";
import { startSimulator } from "../rig/simulator.ts";
import type { Figure } from "./figure.ts";
import { measureKills } from "./groups/kills.ts";
import { measureLatency } from "./groups/latency.ts";
import { measureRefresh } from "./groups/refresh.ts";
import { measureUpdates } from "./groups/updates.ts";
import type { Comparison } from "./comparison.ts";
import { RECORD, renderComparison } from "./render.ts";

const ROOT = fileURLToPath(new URL("../../../../", import.meta.url));
const GROUPS = {
  latency: measureLatency,
  updates: measureUpdates,
  kills: measureKills,
  refresh: measureRefresh,
};

const { values } = parseArgs({
  args: process.argv.slice(2).filter((arg) => arg !== "--"),
  options: { baseline: { type: "string" }, ndycode: { type: "string" }, only: { type: "string" } },
});
const { baseline, ndycode, only } = values;
if (baseline === undefined || ndycode === undefined) {
  process.stderr.write("usage: pnpm bench:compare --baseline <clone> --ndycode <clone> [--only <group>]\n");
  process.stderr.write(
    "Both are folders with a clone of the plugin's repository, built as its README tells.\n",
  );
  process.exit(2);
}

const clones = { ours: ROOT, baseline: resolve(baseline), ndycode: resolve(ndycode) };
const subjects = {
  ours: describe(join(ROOT, "apps/plugin")),
  baseline: describe(clones.baseline),
  ndycode: describe(clones.ndycode),
};
const machineNow = describeMachine();
const folder = mkdtempSync(join(tmpdir(), "oma-compare-"));
const upstream = await startSimulator();
try {
  const { backendUrl, issuerUrl, controlUrl, accounts } = upstream;
  const simulator = connectUpstreamSim(controlUrl);
  const field = { folder, clones, upstream: { backendUrl, issuerUrl }, simulator, accounts };
  const figures: Figure[] = [];
  for (const [name, measure] of Object.entries(GROUPS)) {
    if (only !== undefined && name !== only) continue;
    process.stderr.write(`measuring ${name} …\n`);
    figures.push(...(await measure(field)));
  }
  const comparison: Comparison = {
    at: new Date().toISOString().slice(0, 10),
    machine: machineNow(),
    subjects,
    figures,
  };
  if (only === undefined) {
    writeFileSync(RECORD, `${JSON.stringify(comparison, null, 2)}\n`);
    writeFileSync(join(ROOT, "docs/comparison.md"), renderComparison(comparison));
  }
  process.stdout.write(renderComparison(comparison));
} finally {
  await upstream.close();
  rmSync(folder, { recursive: true, force: true });
}

/** The version of a clone, with its commit where it is a git repository. */
function describe(clone: string): Comparison["subjects"]["ours"] {
  const { name, version } = JSON.parse(readFileSync(join(clone, "package.json"), "utf8"));
  const git = ["-C", clone, "rev-parse", "--short", "HEAD"];
  return { name, version, commit: execFileSync("git", git, { encoding: "utf8" }).trim() };
}
