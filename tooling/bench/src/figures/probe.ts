import type { ProbeSamples } from "../client/probe.ts";
import { runClient } from "../rig/client-process.ts";
import type { Rig } from "../rig/rig.ts";
import type { Row } from "../row.ts";
import { runtimeLabel, RUNTIMES } from "../runtimes.ts";
import { percentile } from "../statistics.ts";

const BOUND_MS = 50;
const BOUND_KB = 4;

/** What it takes to learn one account's limits by the usage endpoint, durably stored. */
export async function measureProbe(rig: Rig): Promise<readonly Row[]> {
  const rows: Row[] = [];
  for (const runtime of Object.values(RUNTIMES)) {
    const env = await rig.freshStore();
    const { millis, requests, modelTurns, bytes } = await runClient<ProbeSamples>(runtime, "probe", null, {
      env,
    });
    const probes = millis.length;
    const label = runtimeLabel(runtime);
    const row = (figure: string, value: number, unit: Row["unit"], bound: number): Row => ({
      figure: `${figure} per probe, usage endpoint`,
      runtime: label,
      value,
      unit,
      bound,
    });
    rows.push(
      row("requests", requests / probes, "calls", 1),
      row("model turns", modelTurns / probes, "calls", 0),
      row("bytes both ways", bytes / probes / 1_000, "kB", BOUND_KB),
      row("p50", percentile(millis, 50), "ms", BOUND_MS),
    );
  }
  return rows;
}
