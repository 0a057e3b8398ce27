import { parentPort } from "node:worker_threads";
import { ALL_SCENARIOS } from "./all-scenarios.ts";
import { POLICIES } from "./policies/all.ts";
import { runScenario } from "./results.ts";

/** One scenario and one seed: small enough that workers end at about the same time. */
export interface Job {
  readonly scenarioId: string;
  readonly seed: number;
}

parentPort?.on("message", ({ scenarioId, seed }: Job) => {
  const scenario = ALL_SCENARIOS.find(({ id }) => id === scenarioId);
  if (!scenario) throw new Error(`no scenario ${scenarioId}`);
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has no origin
  parentPort?.postMessage(runScenario(scenario, POLICIES, [seed]));
});
