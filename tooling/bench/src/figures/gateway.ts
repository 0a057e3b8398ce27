import { fileURLToPath } from "node:url";

import type { GatewaySamples, GatewayTask, Way } from "../client/gateway-load.ts";
import { runClient } from "../rig/client-process.ts";
import type { Rig } from "../rig/rig.ts";
import type { Row } from "../row.ts";
import { runtimeLabel, RUNTIMES } from "../runtimes.ts";
import { addedAtPercentile, median, pairedRatio } from "../statistics.ts";

/** The built command line, as a person runs it. */
const CLI_BUNDLE = fileURLToPath(new URL("../../../../apps/cli/dist/oma.js", import.meta.url));

/** 31 words, each a delta, and what goes before and after them: 41 events. */
const TEXT = Array.from({ length: 31 }, (_, word) => `word-${word} `).join("");
const KB = 1_024;

const FIRST_BYTE_MS = [
  { percent: 50, bound: 0.3 },
  { percent: 95, bound: 0.8 },
] as const;
const CPU_TIMES = 1.35;
const LARGE_CPU_TIMES = 1.5;
const RSS_MB = 150;
const DELAY_MS = 20;

/** What the gateway costs, beside the same requests sent directly and through a raw pipe of node:http. */
export async function measureGateway(rig: Rig): Promise<readonly Row[]> {
  await rig.answer({ kind: "ok", text: TEXT });
  const one = await load(rig, { atOnce: 1, blocks: 9, warmUpBlocks: 10, requests: 800 });
  const more = [
    { atOnce: 16, samples: await load(rig, { atOnce: 16, blocks: 7, warmUpBlocks: 8, requests: 1_000 }) },
    { atOnce: 64, samples: await load(rig, { atOnce: 64, blocks: 7, warmUpBlocks: 8, requests: 1_000 }) },
  ];
  const large = await load(rig, {
    bodyBytes: 1_024 * KB,
    atOnce: 1,
    blocks: 9,
    warmUpBlocks: 3,
    requests: 60,
  });
  await rig.answer({ kind: "slow-stream", eventDelayMs: 10, text: TEXT });
  const paced = await load(rig, { atOnce: 64, blocks: 5, warmUpBlocks: 1, requests: 384 });
  return [
    ...FIRST_BYTE_MS.map(({ percent, bound }) => firstByteRow(one, percent, bound)),
    cpuRow("CPU per request, 1 at a time", one, CPU_TIMES),
    ...more.map(({ atOnce, samples }) => cpuRow(`CPU per request, ${atOnce} at a time`, samples, CPU_TIMES)),
    cpuRow("CPU per request of 1 MB", large, LARGE_CPU_TIMES),
    cpuRow("CPU per paced stream, 64 at a time", paced, undefined),
    { ...ROW, figure: "memory under 64 paced streams", value: paced.rssMb, unit: "MB", bound: RSS_MB },
    {
      ...ROW,
      figure: "event-loop delay p99 under those",
      value: paced.delayP99Ms,
      unit: "ms",
      bound: DELAY_MS,
    },
  ];
}

const ROW = { runtime: runtimeLabel(RUNTIMES.node) } as const;

async function load(
  rig: Rig,
  amount: Pick<GatewayTask, "atOnce" | "blocks" | "warmUpBlocks" | "requests"> & {
    readonly bodyBytes?: number;
  },
): Promise<GatewaySamples> {
  const env = await rig.freshStore();
  const task: GatewayTask = { ...rig.task, cli: CLI_BUNDLE, bodyBytes: 32 * KB, ...amount };
  return runClient<GatewaySamples>(RUNTIMES.node, "gateway-load", task, { env });
}

function firstByteRow(samples: GatewaySamples, percent: number, bound: number): Row {
  const firstBytes = (way: Way): readonly (readonly number[])[] =>
    samples[way].map(({ firstByteMs }) => firstByteMs);
  const beside = (way: Way) =>
    addedAtPercentile(
      firstBytes("direct").map((direct, block) => ({ direct, pool: firstBytes(way)[block] ?? [] })),
      percent,
    );
  const { direct, pool, added } = beside("gateway");
  const note = `the pipe adds ${beside("pipe").added.toFixed(3)} ms`;
  return {
    ...ROW,
    figure: `gateway, added p${percent}, first byte`,
    direct,
    pool,
    value: added,
    unit: "ms",
    bound,
    note,
  };
}

/** Beside the pipe: what is called direct in the table is the pipe here. */
function cpuRow(figure: string, samples: GatewaySamples, bound: number | undefined): Row {
  const cpu = (way: Way): readonly number[] => samples[way].map((sample) => sample.cpu);
  const paired = { direct: cpu("pipe"), pool: cpu("gateway") };
  return {
    ...ROW,
    figure: `gateway, ${figure}, beside a pipe`,
    direct: median(paired.direct),
    pool: median(paired.pool),
    baselineUnit: "µs",
    value: pairedRatio(paired),
    unit: "times",
    ...(bound !== undefined && { bound }),
  };
}
