import { fileURLToPath } from "node:url";

import type { GatewaySamples, GatewayTask, Sample, Way } from "../client/gateway-load.ts";
import { runClient } from "../rig/client-process.ts";
import type { Rig } from "../rig/rig.ts";
import type { Row } from "../row.ts";
import { runtimeLabel, RUNTIMES } from "../runtimes.ts";
import { addedAtPercentile, median, pairedRatio } from "../statistics.ts";

/** The built command line, as a person runs it. */
const CLI_BUNDLE = fileURLToPath(new URL("../../../../apps/cli/dist/oma.js", import.meta.url));

const CLI_SOURCE = fileURLToPath(new URL("../../../../apps/cli/src/oma.ts", import.meta.url));

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
/** By then V8 has compiled what it will: before, its compiler is a third of what a gateway costs. */
const WARM_UP = 12_000;

type Amount = Pick<GatewayTask, "atOnce" | "blocks" | "warmUpBlocks" | "requests"> &
  Partial<Pick<GatewayTask, "bodyBytes" | "cli" | "direct" | "profiles" | "warmUp" | "watch">>;

/** What the gateway costs, beside the same requests through a raw pipe of node:http, and one at a time also beside direct ones. */
export const GATEWAY_GROUPS: Readonly<Record<string, (rig: Rig) => Promise<readonly Row[]>>> = {
  async "gateway:1"(rig) {
    const one = await load(rig, {
      direct: true,
      warmUp: WARM_UP,
      atOnce: 1,
      blocks: 15,
      warmUpBlocks: 2,
      requests: 250,
    });
    return [
      ...FIRST_BYTE_MS.map(({ percent, bound }) => firstByteRow(one, percent, bound)),
      cpuRow("CPU per request, 1 at a time", one, CPU_TIMES),
    ];
  },
  "gateway:16": (rig) => crowd(rig, 16),
  "gateway:64": (rig) => crowd(rig, 64),
  async "gateway:1mb"(rig) {
    const bodyBytes = 1_024 * KB;
    const large = await load(rig, {
      bodyBytes,
      warmUp: WARM_UP,
      atOnce: 1,
      blocks: 15,
      warmUpBlocks: 3,
      requests: 60,
    });
    return [cpuRow("CPU per request of 1 MB", large, LARGE_CPU_TIMES)];
  },
  async "gateway:paced"(rig) {
    const paced = await load(rig, PACED, { kind: "slow-stream", eventDelayMs: 10, text: TEXT });
    return [
      cpuRow("CPU per paced stream, 64 at a time", paced, undefined),
      ownRow("memory under 64 paced streams", paced, (sample) => sample.rssMb, "MB", RSS_MB),
      ownRow("event-loop delay p99 under those", paced, (sample) => sample.delayP99Ms, "ms", DELAY_MS),
    ];
  },
};

/**
 * Has both servers write a profile of themselves; the gateway runs from its source, whose functions have names.
 *
 * @returns how many requests each of them answered meanwhile
 */
export async function profileGateway(rig: Rig, { bodyKb, ...how }: ProfileWish): Promise<number> {
  const amount = { warmUp: WARM_UP, blocks: 10, warmUpBlocks: 1, requests: bodyKb > 500 ? 60 : 512 };
  const cli = ["--conditions=@open-multi-auth/source", CLI_SOURCE];
  await load(rig, { ...amount, ...how, bodyBytes: bodyKb * KB, cli });
  return amount.blocks * amount.requests;
}

interface ProfileWish {
  readonly atOnce: number;
  readonly bodyKb: number;
  /** Folder. */
  readonly profiles: string;
}

const PACED: Amount = { watch: true, atOnce: 64, blocks: 5, warmUpBlocks: 2, requests: 256 };
const ROW = { runtime: runtimeLabel(RUNTIMES.node) } as const;

async function crowd(rig: Rig, atOnce: number): Promise<readonly Row[]> {
  const samples = await load(rig, { warmUp: WARM_UP, atOnce, blocks: 11, warmUpBlocks: 1, requests: 512 });
  return [cpuRow(`CPU per request, ${atOnce} at a time`, samples, CPU_TIMES)];
}

async function load(
  rig: Rig,
  amount: Amount,
  answer: Parameters<Rig["answer"]>[0] = { kind: "ok", text: TEXT },
): Promise<GatewaySamples> {
  await rig.answer(answer);
  const env = await rig.freshStore();
  const task: GatewayTask = { ...rig.task, cli: [CLI_BUNDLE], bodyBytes: 32 * KB, ...amount };
  return runClient<GatewaySamples>(RUNTIMES.node, "gateway-load", task, { env });
}

/** What the gateway's process says of itself; the pipe's beside it shows what the machine makes of any server. */
function ownRow(
  figure: string,
  samples: GatewaySamples,
  of: (sample: Sample) => number,
  unit: "MB" | "ms",
  bound: number,
): Row {
  const value = (way: Way): number => median(samples[way].map(of));
  return {
    ...ROW,
    figure: `gateway, ${figure}`,
    value: value("gateway"),
    unit,
    bound,
    note: `the pipe: ${value("pipe").toFixed(1)} ${unit}`,
  };
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
