import { loadPluginFetch } from "./plugin-fetch.ts";
import { requestsFrom } from "./request.ts";
import { finish, type ClientTask } from "./task.ts";
import { createWays, type Ways } from "./ways.ts";

/** What this client is told besides: how much of it there is to measure. */
export interface CpuTask extends ClientTask {
  readonly warmUpPairs: number;
  readonly pairs: number;
  /** Of each half of a pair. */
  readonly requests: number;
  /** How many of them are under way at a time. */
  readonly atOnce: number;
}

/** Outcome of this client: microseconds per request, a sample for each half of a pair. */
export interface CpuSamples {
  readonly direct: readonly number[];
  readonly pool: readonly number[];
}

const task = JSON.parse(process.argv[2] ?? "null") as CpuTask;
const plugin = await loadPluginFetch(task.bundle);
const ways = createWays(task, plugin);
let next = 0;

const cpu: Record<keyof Ways, number[]> = { direct: [], pool: [] };
await plugin.flush();
for (let pair = -task.warmUpPairs; pair < task.pairs; pair += 1) {
  for (const way of pair % 2 === 0 ? (["direct", "pool"] as const) : (["pool", "direct"] as const)) {
    const sample = await cpuPerRequest(way);
    if (pair >= 0) cpu[way].push(sample);
  }
}
finish(cpu satisfies CpuSamples);

/** All of this process's CPU, with what the pool writes behind; the direct way waits as long. */
async function cpuPerRequest(way: keyof Ways): Promise<number> {
  const requests = requestsFrom(next, task.requests);
  next += task.requests;
  const waiting = requests.values();
  const before = process.cpuUsage();
  await Promise.all(Array.from({ length: task.atOnce }, () => askAll(way, waiting)));
  await plugin.flush();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / task.requests;
}

async function askAll(
  way: keyof Ways,
  waiting: Iterable<ReturnType<typeof requestsFrom>[number]>,
): Promise<void> {
  for (const request of waiting) await ways[way](request);
}
