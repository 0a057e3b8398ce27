import { beforeAll, describe, expect, it } from "vitest";
import { HARD_SCENARIOS } from "../src/hard-scenarios.ts";
import { drawWorkload } from "../src/model/workload.ts";
import { codexLbDefault } from "../src/policies/codex-lb.ts";
import { headroom, roundRobin } from "../src/policies/ours.ts";
import { runScenario, valuesOf, type ScenarioResult } from "../src/results.ts";
import { MAIN_SCENARIOS } from "../src/scenarios.ts";
import { simulate } from "../src/simulate.ts";
import { estimate } from "../src/statistics.ts";

/** The quick form of `pnpm sim`: three of its thirty seeds, so it says less, and says it in seconds. */
const SEEDS = [1, 2, 3];
const POLICIES = [headroom, codexLbDefault];

const mean = (result: ScenarioResult, policyId: string, figure: Parameters<typeof valuesOf>[2]): number =>
  estimate(valuesOf(result, policyId, figure)).mean;

describe("headroom, over three seeds of thirteen scenarios", () => {
  let results: readonly ScenarioResult[];
  beforeAll(() => {
    results = MAIN_SCENARIOS.map((scenario) => runScenario(scenario, POLICIES, SEEDS));
  });

  it("lets conversations wait no longer in all than codex-lb's default does, and in no more than one scenario longer", () => {
    const longer = results.filter(
      (result) => mean(result, "headroom", "stallHours") > mean(result, "codex-lb", "stallHours"),
    );
    expect(longer.length, longer.map(({ scenarioId }) => scenarioId).join(", ")).toBeLessThanOrEqual(1);
    const total = (id: string): number =>
      results.reduce((sum, result) => sum + mean(result, id, "stallHours"), 0);
    expect(total("headroom")).toBeLessThan(total("codex-lb"));
  });

  it("answers at least 92.5 % of the input from caches wherever waiting does not cool them", () => {
    for (const result of results.filter(({ scenarioId }) => scenarioId !== "S3")) {
      expect(mean(result, "headroom", "cacheHit"), result.scenarioId).toBeGreaterThanOrEqual(92.5);
    }
  });

  it("moves at most 25 of 1,000 turns, and never to an account and back without a failure", () => {
    for (const result of results) {
      expect(mean(result, "headroom", "moves"), result.scenarioId).toBeLessThanOrEqual(25);
      expect(mean(result, "headroom", "returns"), result.scenarioId).toBe(0);
    }
  });
});

describe("our strategies, where things go wrong", () => {
  it.each(HARD_SCENARIOS.map((scenario) => [scenario.title, scenario] as const))(
    "never send a conversation back and forth without a failure: %s",
    (_title, scenario) => {
      const result = runScenario(scenario, [headroom, roundRobin], [1]);
      for (const { id } of [headroom, roundRobin]) expect(mean(result, id, "returns")).toBe(0);
    },
  );

  it("leave an account's reserve to its owner, save what had begun before it was reached", () => {
    const scenario = scenarioOf("reserve");
    const workload = drawWorkload(scenario, 1, 3);
    const { credits } = simulate(scenario, headroom, { seed: 1, workload });
    for (const account of [0, 1]) expect(credits[account]).toBeLessThan(2 * 6_000 * 0.85);
    expect(credits[2]).toBeGreaterThan(2 * 6_000 * 0.5);
  });

  it("serve those who wait as soon as the one limit that ends in 40 seconds has ended", () => {
    const scenario = { ...scenarioOf("blocked"), demand: 0.3 };
    const result = runScenario(scenario, [headroom], SEEDS);
    expect(mean(result, "headroom", "visible")).toBeLessThan(25);
  });

  it("are simulated the same way again", () => {
    const scenario = scenarioOf("storm");
    const workload = drawWorkload(scenario, 1, 3);
    const run = () => simulate(scenario, headroom, { seed: 1, workload });
    expect(run()).toEqual(run());
    expect(drawWorkload(scenario, 1, 3)).toEqual(workload);
    expect(drawWorkload(scenario, 2, 3)).not.toEqual(workload);
  });
});

function scenarioOf(id: string) {
  const scenario = HARD_SCENARIOS.find((one) => one.id === id);
  if (!scenario) throw new Error(`no scenario ${id}`);
  return scenario;
}
