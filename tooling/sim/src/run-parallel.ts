import { Worker } from "node:worker_threads";
import type { Figures } from "./figures.ts";
import type { Scenario } from "./model/scenario.ts";
import type { ScenarioResult } from "./results.ts";
import type { Job } from "./worker.ts";

/** Runs every scenario on every seed, spread over threads; the outcome does not depend on how many there are. */
export async function runParallel(
  scenarios: readonly Scenario[],
  seeds: readonly number[],
  { workers, onDone }: { workers: number; onDone: (done: number, of: number) => void },
): Promise<readonly ScenarioResult[]> {
  const jobs: Job[] = seeds.flatMap((seed) => scenarios.map(({ id }) => ({ scenarioId: id, seed })));
  const results: ScenarioResult[] = [];
  const waiting = [...jobs];
  await Promise.all(
    Array.from({ length: Math.min(workers, jobs.length) }, () =>
      work(waiting, (result) => {
        results.push(result);
        onDone(results.length, jobs.length);
      }),
    ),
  );
  return scenarios.map(({ id }) => join(id, seeds, results));
}

/** One thread: it takes jobs until none is left. */
async function work(waiting: Job[], onResult: (result: ScenarioResult) => void): Promise<void> {
  const worker = new Worker(new URL("worker.ts", import.meta.url));
  await new Promise<void>((resolve, reject) => {
    const next = (): void => {
      const job = waiting.shift();
      // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has no origin
      if (job) worker.postMessage(job);
      else resolve();
    };
    worker.on("message", (result: ScenarioResult) => {
      onResult(result);
      next();
    });
    worker.on("error", reject);
    next();
  });
  await worker.terminate();
}

/** The seeds of one scenario, in their order. */
function join(
  scenarioId: string,
  seeds: readonly number[],
  results: readonly ScenarioResult[],
): ScenarioResult {
  const runs: Record<string, Figures[]> = {};
  for (const seed of seeds) {
    const found = results.find((result) => result.scenarioId === scenarioId && result.seeds[0] === seed);
    if (!found) throw new Error(`seed ${seed} of ${scenarioId} was not run`);
    for (const [policyId, figures] of Object.entries(found.runs)) (runs[policyId] ??= []).push(...figures);
  }
  return { scenarioId, seeds, runs };
}
