import { accessSync } from "node:fs";
import { readFile } from "node:fs/promises";

import { CALIBRATION, markerPath, type WindowKind } from "../file-calls/markers.ts";
import { loadPluginFetch } from "./plugin-fetch.ts";
import { requestsFrom } from "./request.ts";
import { finish, readTask } from "./task.ts";
import { createWays, type Ways } from "./ways.ts";

/** Outcome of this client: the windows in which nothing is written behind. */
export interface FileCallWindows {
  readonly direct: readonly string[];
  readonly pool: readonly string[];
}

/** The first thing that is told to the store is written 500 ms later; a burst must have ended by then. */
const BURST_MS = 300;
const WRITE_BEHIND_MS = 450;
/** The store looks at its file every 5 s from its opening, in case the system did not tell of a change. */
const POLL_MS = 4_800;
/** So long after a look the store watches its folder again. */
const REARMED_MS = 600;
const BURSTS = 2;
const WARM_UP = 20;
const MOST_REQUESTS = 2_000;

const task = readTask();
const plugin = await loadPluginFetch(task.bundle);
const openedAt = performance.now();
const ways = createWays(task, plugin);
const requests = requestsFrom(0, MOST_REQUESTS);
let next = 0;

for (const request of requests.slice(0, WARM_UP)) {
  await ways.direct(request);
  await ways.pool(request);
}
const quiet: Record<keyof Ways, string[]> = { direct: [], pool: [] };
for (let burst = 0; burst < BURSTS; burst += 1) {
  await plugin.flush();
  await new Promise((resolve) => setTimeout(resolve, REARMED_MS));
  await runBurst();
}
await calibrate();
finish(quiet satisfies FileCallWindows);

async function runBurst(): Promise<void> {
  const startedAt = performance.now();
  while (performance.now() - startedAt < BURST_MS) {
    const request = requests[(WARM_UP + next) % MOST_REQUESTS];
    if (request === undefined) throw new Error("no request to ask with");
    for (const way of ["direct", "pool"] as const) {
      const name = `${way}-${next}`;
      await inWindow(name, () => ways[way](request));
      const now = performance.now();
      if (now - startedAt < WRITE_BEHIND_MS && now - openedAt < POLL_MS) quiet[way].push(name);
    }
    next += 1;
  }
}

/** A window that must show calls, made on a thread of the runtime's pool: proof that the count sees them. */
async function calibrate(): Promise<void> {
  await inWindow(CALIBRATION, () => readFile(import.meta.filename));
}

async function inWindow(name: string, run: () => Promise<unknown>): Promise<void> {
  mark("begin", name);
  await run();
  mark("end", name);
}

/** Asks for a file that is not there: a call that the trace shows with its name. */
function mark(kind: WindowKind, name: string): void {
  try {
    accessSync(markerPath(kind, name));
  } catch {}
}
