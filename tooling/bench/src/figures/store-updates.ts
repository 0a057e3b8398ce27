import { spawn } from "node:child_process";
import { copyFile, readFile } from "node:fs/promises";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

import type { UpdateOrder } from "../client/store-updates.ts";
import type { Rig } from "../rig/rig.ts";
import type { Row } from "../row.ts";
import { runtimeLabel, RUNTIMES } from "../runtimes.ts";
import { median, pairedRatio, percentile } from "../statistics.ts";

/** Processes, and the updates of each in one turn. */
const SETTINGS = [
  { processes: 1, updates: 100 },
  { processes: 8, updates: 25 },
  { processes: 32, updates: 10 },
];
const PAIRS = 5;
const BOUND = 1;

/** Durable updates of one file by several processes, beside proper-lockfile and write-file-atomic at the same work. */
export async function measureStoreUpdates(rig: Rig): Promise<readonly Row[]> {
  const rows: Row[] = [];
  for (const setting of SETTINGS) rows.push(await measure(rig, setting));
  return rows;
}

type Ways = Record<UpdateOrder["way"], number[]>;

async function measure(rig: Rig, { processes, updates }: (typeof SETTINGS)[number]): Promise<Row> {
  const env = await rig.freshStore();
  const folder = env["OPENCODE_MULTI_AUTH_STORE_DIR"] ?? "";
  const file = join(folder, "..", "plain.json");
  await copyFile(join(folder, "store.json"), file);
  const clients = Array.from({ length: processes }, () => startClient(folder, file));
  await Promise.all(clients.map((client) => client.line()));

  const perUpdate: Ways = { direct: [], pool: [] };
  const samples: Ways = { direct: [], pool: [] };
  const turn = async (way: keyof Ways): Promise<void> => {
    const start = performance.now();
    const answers = await Promise.all(clients.map((client) => client.order({ way, updates })));
    perUpdate[way].push((performance.now() - start) / (processes * updates));
    samples[way].push(...answers.flat());
  };
  for (let pair = 0; pair < PAIRS; pair += 1) {
    for (const way of pair % 2 === 0 ? (["direct", "pool"] as const) : (["pool", "direct"] as const))
      await turn(way);
  }
  await Promise.all(clients.map((client) => client.close()));
  await requireCounted([file, join(folder, "store.json")], PAIRS * processes * updates);
  return {
    figure: `durable update, ${processes} ${processes === 1 ? "process" : "processes"}`,
    runtime: runtimeLabel(RUNTIMES.node),
    direct: median(perUpdate.direct),
    pool: median(perUpdate.pool),
    value: pairedRatio(perUpdate),
    unit: "times",
    bound: BOUND,
    note: noteOf(perUpdate, samples),
  };
}

function noteOf(perUpdate: Ways, samples: Ways): string {
  const told = (way: keyof Ways): string =>
    `${Math.round(1_000 / median(perUpdate[way]))} updates/s, p50 ${percentile(samples[way], 50).toFixed(2)} ms`;
  return `${told("pool")}; proper-lockfile with write-file-atomic ${told("direct")}`;
}

/** A way that loses updates would be fast and worthless. */
async function requireCounted(files: readonly string[], updates: number): Promise<void> {
  for (const path of files) {
    const { rotation } = JSON.parse(await readFile(path, "utf8")) as { rotation: { cursor: number } };
    if (rotation.cursor !== updates)
      throw new Error(`${path} counted ${rotation.cursor} of ${updates} updates`);
  }
}

function startClient(...args: readonly string[]) {
  const client = fileURLToPath(new URL("../client/store-updates.ts", import.meta.url));
  const command = ["--conditions=@open-multi-auth/source", client, ...args];
  const child = spawn(process.execPath, command, { stdio: ["pipe", "pipe", "inherit"] });
  const ended = new Promise((resolve) => child.once("close", resolve));
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const line = async (): Promise<string> => {
    const { value, done } = await lines.next();
    if (done === true) throw new Error("a client of the store ended early");
    return value;
  };
  return {
    line,
    async order(order: UpdateOrder): Promise<number[]> {
      child.stdin.write(`${JSON.stringify(order)}\n`);
      return JSON.parse(await line()) as number[];
    },
    async close(): Promise<void> {
      child.stdin.end();
      await ended;
    },
  };
}
