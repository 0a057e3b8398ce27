import type { OverheadSamples } from "../client/overhead.ts";
import type { Row } from "../row.ts";
import { runClient } from "../rig/client-process.ts";
import type { Rig } from "../rig/rig.ts";
import { runtimeLabel, RUNTIMES, type Runtime } from "../runtimes.ts";
import { addedAtPercentile } from "../statistics.ts";

const BOUNDS_MS = [
  { percent: 50, bound: 0.1 },
  { percent: 95, bound: 0.25 },
] as const;

/** What a request through the pool takes beyond a direct fetch, in time. */
export async function measureOverhead(rig: Rig): Promise<readonly Row[]> {
  const rows: Row[] = [];
  for (const runtime of Object.values(RUNTIMES)) {
    const env = await rig.freshStore();
    const samples = await runClient<OverheadSamples>(runtime, "overhead", rig.task, { env });
    rows.push(...timeRows(runtime, samples));
  }
  return rows;
}

function timeRows(runtime: Runtime, { blocks }: OverheadSamples): readonly Row[] {
  const spans = [
    { name: "whole answer", samples: blocks.map(({ whole }) => whole) },
    { name: "first byte", samples: blocks.map(({ firstByte }) => firstByte) },
  ];
  return spans.flatMap(({ name, samples }) =>
    BOUNDS_MS.map(({ percent, bound }): Row => {
      const { direct, pool, added } = addedAtPercentile(samples, percent);
      const figure = `added p${percent}, ${name}`;
      return { figure, runtime: runtimeLabel(runtime), direct, pool, value: added, unit: "ms", bound };
    }),
  );
}
