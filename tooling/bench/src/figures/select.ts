import type { SelectSamples } from "../client/select.ts";
import { runClient } from "../rig/client-process.ts";
import type { Row } from "../row.ts";
import { runtimeLabel, RUNTIMES } from "../runtimes.ts";
import { percentile } from "../statistics.ts";

const BOUND_US = 5;

/** One `select` over 20 accounts, by each strategy. */
export async function measureSelect(): Promise<readonly Row[]> {
  const rows: Row[] = [];
  for (const runtime of Object.values(RUNTIMES)) {
    const samples = await runClient<SelectSamples>(runtime, "select", null);
    for (const [strategy, micros] of Object.entries(samples))
      rows.push({
        figure: `select p50, 20 accounts, ${strategy}`,
        runtime: runtimeLabel(runtime),
        value: percentile(micros, 50),
        unit: "µs",
        bound: BOUND_US,
      });
  }
  return rows;
}
