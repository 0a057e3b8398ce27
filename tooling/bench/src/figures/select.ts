import type { SelectSamples } from "../client/select.ts";
import { runClient } from "../rig/client-process.ts";
import type { Row } from "../row.ts";
import { runtimeLabel, RUNTIMES } from "../runtimes.ts";
import { percentile } from "../statistics.ts";

/** By how many accounts; each as often as takes about a second. */
const POOLS = [
  { accounts: 20, samples: 20_000, bound: 5 },
  { accounts: 1_000, samples: 1_000, bound: 150 },
] as const;

/** One `select` by each strategy, over a person's accounts and over very many. */
export async function measureSelect(): Promise<readonly Row[]> {
  const rows: Row[] = [];
  for (const runtime of Object.values(RUNTIMES))
    for (const { bound, ...task } of POOLS) {
      const samples = await runClient<SelectSamples>(runtime, "select", task);
      for (const [strategy, micros] of Object.entries(samples))
        rows.push({
          figure: `select p50, ${task.accounts} accounts, ${strategy}`,
          runtime: runtimeLabel(runtime),
          value: percentile(micros, 50),
          unit: "µs",
          bound,
        });
    }
  return rows;
}
