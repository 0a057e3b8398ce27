import { readFile } from "node:fs/promises";
import { createInterface } from "node:readline";
import { openStore } from "@open-multi-auth/core-store/node";
import type { StoreV2 } from "@open-multi-auth/domain";
import { systemClock, systemRandom } from "@open-multi-auth/runtime-node";
import { ok } from "neverthrow";
import { lock } from "proper-lockfile";
import writeFileAtomic from "write-file-atomic";

/** One order: so many updates in this way. The answer has the milliseconds of each. */
export interface UpdateOrder {
  readonly way: "direct" | "pool";
  readonly updates: number;
}

/** Waits about as long as our lock does between two tries, and as patiently. */
const RETRIES = { forever: true, minTimeout: 2, maxTimeout: 16, factor: 2, randomize: true } as const;

const [folder = "", file = ""] = process.argv.slice(2);
const opened = await openStore({ folder, clock: systemClock, random: systemRandom });
const store = opened._unsafeUnwrap();

const counted = (state: StoreV2): StoreV2 => ({
  ...state,
  rotation: { ...state.rotation, cursor: state.rotation.cursor + 1 },
});

/** Durable when it resolves: what both ways have in common. */
const ways = {
  async pool(): Promise<void> {
    (await store.update((state) => ok(counted(state))))._unsafeUnwrap();
  },
  async direct(): Promise<void> {
    const release = await lock(file, { retries: RETRIES });
    const state = JSON.parse(await readFile(file, "utf8")) as StoreV2;
    await writeFileAtomic(file, `${JSON.stringify(counted(state), null, 2)}\n`, { mode: 0o600 });
    await release();
  },
};

process.stdout.write("ready\n");
for await (const line of createInterface({ input: process.stdin })) {
  const { way, updates } = JSON.parse(line) as UpdateOrder;
  const millis: number[] = [];
  for (let update = 0; update < updates; update += 1) {
    const start = performance.now();
    await ways[way]();
    millis.push(performance.now() - start);
  }
  process.stdout.write(`${JSON.stringify(millis)}\n`);
}
await store.close();
