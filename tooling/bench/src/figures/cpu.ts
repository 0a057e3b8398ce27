import type { CpuSamples, CpuTask } from "../client/cpu.ts";
import type { Row } from "../row.ts";
import { runClient } from "../rig/client-process.ts";
import type { Rig } from "../rig/rig.ts";
import { runtimeLabel, RUNTIMES, type Runtime } from "../runtimes.ts";
import { median, pairedRatio } from "../statistics.ts";

const BOUND = 1.3;
/** 31 words, each a delta, and what goes before and after them: 41 events. */
const TEXT = Array.from({ length: 31 }, (_, word) => `word-${word} `).join("");

/** CPU of a request through the pool beside that of a direct fetch. */
export async function measureCpu(rig: Rig): Promise<readonly Row[]> {
  await rig.answer({ kind: "slow-stream", eventDelayMs: 1, text: TEXT });
  const streamed = await measure(rig, { warmUpPairs: 8, pairs: 25, requests: 96, atOnce: 8 });
  await rig.answer({ kind: "ok" });
  const whole = await measure(rig, { warmUpPairs: 12, pairs: 15, requests: 1_000, atOnce: 1 });
  return [
    ...streamed.map((row): Row => ({ ...row, figure: "CPU per request", bound: BOUND })),
    ...whole.map((row): Row => ({ ...row, figure: "CPU, answer in one piece" })),
  ];
}

type Amount = Omit<CpuTask, keyof Rig["task"]>;

async function measure(rig: Rig, amount: Amount): Promise<readonly Omit<Row, "figure" | "bound">[]> {
  const rows = [];
  for (const runtime of Object.values(RUNTIMES)) {
    const env = await rig.freshStore();
    const samples = await runClient<CpuSamples>(runtime, "cpu", { ...rig.task, ...amount }, { env });
    rows.push(rowOf(runtime, samples));
  }
  return rows;
}

function rowOf(runtime: Runtime, samples: CpuSamples): Omit<Row, "figure" | "bound"> {
  return {
    runtime: runtimeLabel(runtime),
    direct: median(samples.direct),
    pool: median(samples.pool),
    baselineUnit: "µs",
    value: pairedRatio(samples),
    unit: "times",
  };
}
