import { loadPluginFetch } from "./plugin-fetch.ts";
import { requestsFrom } from "./request.ts";
import { finish, readTask } from "./task.ts";
import { createWays, type Ways } from "./ways.ts";

/** Outcome of this client: samples in milliseconds, CPU in microseconds per request. */
export interface OverheadSamples {
  readonly blocks: readonly OverheadBlock[];
  readonly cpu: { readonly direct: readonly number[]; readonly pool: readonly number[] };
}

export interface OverheadBlock {
  readonly whole: Pair;
  readonly firstByte: Pair;
}

interface Pair {
  readonly direct: readonly number[];
  readonly pool: readonly number[];
}

/** Until both runtimes have compiled what they will. */
const WARM_UP_PAIRS = 3_000;
const BLOCKS = 9;
const PAIRS = 300;
const CPU_PAIRS = 25;
const CPU_REQUESTS = 1_000;

const task = readTask();
const plugin = await loadPluginFetch(task.bundle);
const ways = createWays(task, plugin);
let next = 0;

await block(WARM_UP_PAIRS);
const blocks: OverheadBlock[] = [];
for (let index = 0; index < BLOCKS; index += 1) blocks.push(await block(PAIRS));
finish({ blocks, cpu: await cpuPairs() } satisfies OverheadSamples);

/** Pairs of requests, one by each way, taking turns at going first. */
async function block(pairs: number): Promise<OverheadBlock> {
  const whole: Record<keyof Ways, number[]> = { direct: [], pool: [] };
  const firstByte: Record<keyof Ways, number[]> = { direct: [], pool: [] };
  for (const [pair, request] of take(pairs).entries()) {
    for (const way of inTurn(pair)) {
      const timing = await ways[way](request);
      whole[way].push(timing.wholeMs);
      firstByte[way].push(timing.firstByteMs);
    }
  }
  return { whole, firstByte };
}

async function cpuPairs(): Promise<OverheadSamples["cpu"]> {
  const cpu: Record<keyof Ways, number[]> = { direct: [], pool: [] };
  await plugin.flush();
  for (let pair = 0; pair < CPU_PAIRS; pair += 1) {
    for (const way of inTurn(pair)) cpu[way].push(await cpuPerRequest(way));
  }
  return cpu;
}

/** All of this process's CPU, with what the pool writes behind; the direct way waits as long. */
async function cpuPerRequest(way: keyof Ways): Promise<number> {
  const requests = take(CPU_REQUESTS);
  const before = process.cpuUsage();
  for (const request of requests) await ways[way](request);
  await plugin.flush();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / CPU_REQUESTS;
}

function take(count: number): ReturnType<typeof requestsFrom> {
  next += count;
  return requestsFrom(next - count, count);
}

function inTurn(pair: number): readonly (keyof Ways)[] {
  return pair % 2 === 0 ? ["direct", "pool"] : ["pool", "direct"];
}
