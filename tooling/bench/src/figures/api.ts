import { createJsonLines } from "@open-multi-auth/core-store/node";
import { systemClock } from "@open-multi-auth/runtime-node";
import { join } from "node:path";
import { performance } from "node:perf_hooks";

import { startDashboard, type BenchDashboard } from "../rig/dashboard.ts";
import type { Rig } from "../rig/rig.ts";
import type { Row } from "../row.ts";
import { runtimeLabel, RUNTIMES } from "../runtimes.ts";
import { median, percentile } from "../statistics.ts";

const ACCOUNTS = 50;
const WARM_UP = 500;
const REQUESTS = 2_000;
const STATE_BOUND_MS = 5;

const READERS = 10;
const EVENTS_PER_SECOND = 1_000;
/** In the first third the heap, the backlog and the counters come to the size that they keep. */
const THIRD_S = 20;
/** A reader's place, a socket's buffer: what comes and goes between two looks. An event that is kept is 10 MB in a third. */
const GROWTH_BOUND_KB = 1_000;

/** What the dashboard's server costs: one state of many accounts, and many events to many readers. */
export async function measureApi(rig: Rig): Promise<readonly Row[]> {
  const runtime = runtimeLabel(RUNTIMES.node);
  const dashboard = await startDashboard(rig, ACCOUNTS);
  try {
    const millis = await stateMillis(dashboard);
    const { growthKb, heldKb, residentKb, lost } = await eventGrowth(dashboard);
    return [
      {
        figure: `GET /api/state, ${ACCOUNTS} accounts, p95`,
        runtime,
        value: percentile(millis, 95),
        unit: "ms",
        bound: STATE_BOUND_MS,
        note: `p50 ${percentile(millis, 50).toFixed(2)} ms`,
      },
      {
        figure: `memory held, grown by ${EVENTS_PER_SECOND} events/s to ${READERS} readers in ${THIRD_S} s`,
        runtime,
        value: growthKb,
        unit: "kB",
        bound: GROWTH_BOUND_KB,
        note: `holds ${kilo(heldKb)}, resident ${kilo(residentKb)}; ${lost} events lost`,
      },
    ];
  } finally {
    await dashboard.close();
  }
}

/** One request after the other over a kept connection, each with its whole body. */
async function stateMillis({ origin, headers }: BenchDashboard): Promise<number[]> {
  const millis: number[] = [];
  for (let request = 0; request < WARM_UP + REQUESTS; request += 1) {
    const start = performance.now();
    const answer = await fetch(`${origin}/api/state`, { headers });
    const body = await answer.arrayBuffer();
    if (answer.status !== 200 || body.byteLength < 10_000) throw new Error(`no state: ${answer.status}`);
    if (request >= WARM_UP) millis.push(performance.now() - start);
  }
  return millis;
}

/**
 * Another process's requests, as its records tell them; every reader reads all of it. Held memory is what a garbage
 * collection leaves: how large the resident memory is says more of when the collector last ran.
 */
async function eventGrowth(dashboard: BenchDashboard): Promise<Growth> {
  const leaving = new AbortController();
  const counts = Array.from({ length: READERS }, () => ({ decisions: 0 }));
  const readers = await Promise.all(counts.map((count) => follow(dashboard, count, leaving.signal)));
  const folder = join(dashboard.folder, "decisions");
  const lines = createJsonLines({
    folder,
    name: "decisions",
    clock: systemClock,
    maxBytes: 5_000_000,
    maxFiles: 5,
  });
  let sent = 0;
  const held: number[] = [];
  for (let second = 0; second < 3 * THIRD_S; second += 1) {
    const end = performance.now() + 1_000;
    for (let n = 0; n < EVENTS_PER_SECOND; n += 1) lines.append(record((sent += 1)));
    await lines.flush();
    held.push(await dashboard.heldKb());
    await new Promise((resolve) => setTimeout(resolve, Math.max(0, end - performance.now())));
  }
  const [second, last] = [held.slice(THIRD_S, 2 * THIRD_S), held.slice(2 * THIRD_S)].map(median);
  const residentKb = await dashboard.memoryKb();
  const deadline = performance.now() + 10_000;
  while (counts.some(({ decisions }) => decisions < sent) && performance.now() < deadline) {
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  leaving.abort();
  await Promise.all(readers.map(({ reading }) => reading));
  await lines.close();
  const lost = Math.max(...counts.map(({ decisions }) => sent - decisions));
  return { growthKb: (last ?? 0) - (second ?? 0), heldKb: last ?? 0, residentKb, lost };
}

interface Growth {
  /** What is held in the last third less what is held in the second, by their medians. */
  readonly growthKb: number;
  readonly heldKb: number;
  readonly residentKb: number;
  readonly lost: number;
}

const kilo = (kb: number): string => `${(kb / 1_000).toFixed(1)} MB`;

/** Resolves once it is connected; `reading` when it has left. */
async function follow(
  { origin, headers }: BenchDashboard,
  count: { decisions: number },
  signal: AbortSignal,
): Promise<{ readonly reading: Promise<void> }> {
  const answer = await fetch(`${origin}/api/events`, { headers, signal });
  const decoder = new TextDecoder();
  const read = async (): Promise<void> => {
    let rest = "";
    for await (const chunk of answer.body ?? []) {
      const lines = (rest + decoder.decode(chunk, { stream: true })).split("\n");
      rest = lines.pop() ?? "";
      for (const line of lines) if (line === "event: decision") count.decisions += 1;
    }
  };
  return { reading: read().catch(() => undefined) };
}

const record = (n: number): object => ({
  requestId: `00000000-0000-4000-8000-${String(n).padStart(12, "0")}`,
  at: systemClock.now(),
  model: "gpt-5.5",
  strategy: "round-robin",
  selectedAlias: `account-${n % ACCOUNTS}`,
  why: "strategy",
  fallbackReason: null,
  forceState: { active: false },
  enabledState: { enabled: ACCOUNTS, disabled: 0 },
  candidates: [{ alias: `account-${n % ACCOUNTS}`, eligible: true }],
  attempts: [{ alias: `account-${n % ACCOUNTS}`, verdict: "served", status: 200, ms: 500 }],
  outcome: "served",
  firstByteMs: 500,
  totalMs: 900,
  replay: { now: systemClock.now() },
});
