import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { namesIn, startWorker, temporaryFolder } from "./support.ts";

const ROUNDS = 1000;
const WAITERS = 8;

describe("file lock, left by a killed holder", () => {
  it(`STO-05: ${WAITERS} waiters on a dead holder, ${ROUNDS} rounds: never two holders, and nothing is left`, async () => {
    const folder = await temporaryFolder();
    const paths = Array.from({ length: ROUNDS }, (_, round) => join(folder, `${round}.lock`));
    const victim = startWorker();
    expect(await victim.call("lock", { paths })).toBeUndefined();
    await victim.kill();
    expect(await namesIn(folder)).toHaveLength(ROUNDS);

    const waiters = Array.from({ length: WAITERS }, () => startWorker());
    const seen = new Map<string, number>();
    for (const path of paths) {
      // All at once, so that they find the dead holder together.
      const round = await Promise.all(waiters.map((waiter) => waiter.call("enter", { path })));
      for (const result of round) seen.set(result, (seen.get(result) ?? 0) + 1);
    }

    expect(Object.fromEntries(seen)).toEqual({ alone: ROUNDS * WAITERS });
    expect(await namesIn(folder)).toEqual([]);
  }, 120_000);
});
