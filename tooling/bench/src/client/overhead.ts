import { loadPluginFetch } from "./plugin-fetch.ts";
import { requestsFrom } from "./request.ts";
import { finish, readTask } from "./task.ts";
import { createWays, type Ways } from "./ways.ts";

/** Outcome of this client: samples in milliseconds. */
export interface OverheadSamples {
  readonly blocks: readonly OverheadBlock[];
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
const WARM_UP_PAIRS = 12_000;
const BLOCKS = 9;
const PAIRS = 300;

const task = readTask();
const plugin = await loadPluginFetch(task.bundle);
const ways = createWays(task, plugin);
let next = 0;

await block(WARM_UP_PAIRS);
const blocks: OverheadBlock[] = [];
for (let index = 0; index < BLOCKS; index += 1) blocks.push(await block(PAIRS));
finish({ blocks } satisfies OverheadSamples);

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

function take(count: number): ReturnType<typeof requestsFrom> {
  next += count;
  return requestsFrom(next - count, count);
}

function inTurn(pair: number): readonly (keyof Ways)[] {
  return pair % 2 === 0 ? ["direct", "pool"] : ["pool", "direct"];
}
