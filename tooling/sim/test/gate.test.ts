import { beforeAll, describe, expect, it } from "vitest";
import { HARD_SCENARIOS } from "../src/hard-scenarios.ts";
import { drawWorkload } from "../src/model/workload.ts";
import { codexLbDefault } from "../src/policies/codex-lb.ts";
import { headroom, roundRobin } from "../src/policies/ours.ts";
import type { Reading } from "../src/model/upstream-account.ts";
import type { PolicyKind } from "../src/policies/policy.ts";
import { runScenario, valuesOf, type ScenarioResult } from "../src/results.ts";
import { MAIN_SCENARIOS } from "../src/scenarios.ts";
import { simulate } from "../src/simulate.ts";
import { estimate } from "../src/statistics.ts";

/** The quick form of `pnpm sim`: three of its thirty seeds and half of the weeks, so it says less, but in seconds. */
const SEEDS = [1, 2, 3];
const WEEKS = 3;
/** Seconds of work take minutes where many share the cores. */
const BUSY_MACHINE_MS = 300_000;
const POLICIES = [headroom, codexLbDefault];

const mean = (result: ScenarioResult, policyId: string, figure: Parameters<typeof valuesOf>[2]): number =>
  estimate(valuesOf(result, policyId, figure)).mean;

const stallOf = (result: ScenarioResult, id: string): number => mean(result, id, "stallHours");

describe("headroom, over three seeds of thirteen scenarios", () => {
  let results: readonly ScenarioResult[];
  beforeAll(() => {
    results = MAIN_SCENARIOS.map((scenario) => runScenario({ ...scenario, weeks: WEEKS }, POLICIES, SEEDS));
  }, BUSY_MACHINE_MS);

  it("lets conversations wait no longer in all than codex-lb's default does, and longer in one scenario at most", () => {
    const longer = idsWhere((result) => stallOf(result, "headroom") > stallOf(result, "codex-lb"));
    expect(longer.length).toBeLessThanOrEqual(1);
    const [own, theirs] = ["headroom", "codex-lb"].map((id) =>
      results.reduce((sum, result) => sum + stallOf(result, id), 0),
    );
    expect(own).toBeLessThan(theirs ?? 0);
  });

  it("answers at least 92.5 % of the input from caches wherever waiting does not cool them", () => {
    expect(idsWhere((result) => mean(result, "headroom", "cacheHit") < 92.5)).toEqual(["S3"]);
  });

  it("moves at most 25 of 1,000 turns, and never to an account and back without a failure", () => {
    expect(idsWhere((result) => mean(result, "headroom", "moves") > 25)).toEqual([]);
    expect(idsWhere((result) => mean(result, "headroom", "returns") > 0)).toEqual([]);
  });

  function idsWhere(is: (result: ScenarioResult) => boolean): readonly string[] {
    return results.filter(is).map(({ scenarioId }) => scenarioId);
  }
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
    const told = new Map<number, Reading>();
    const begunAt: number[][] = [[], [], []];
    const watched: PolicyKind = {
      ...headroom,
      create(scenario, random, upMs) {
        const policy = headroom.create(scenario, random, upMs);
        return {
          ...policy,
          begun(conversation, account, now) {
            const weekly = told.get(account)?.weekly;
            if (weekly && weekly.resetsAt > now) begunAt[account]?.push(weekly.usedPercent);
            policy.begun(conversation, account, now);
          },
          served(conversation, account, at) {
            if (at.reading) told.set(account, at.reading);
            policy.served(conversation, account, at);
          },
          polled(account, reading, now) {
            told.set(account, reading);
            policy.polled(account, reading, now);
          },
        };
      },
    };
    runScenario({ ...scenarioOf("reserve"), demand: 1.2 }, [watched], [1]);
    const most = begunAt.map((percents) => Math.max(...percents));
    expect(most[0]).toBeLessThan(80);
    expect(most[1]).toBeLessThan(80);
    expect(most[2]).toBeGreaterThan(80);
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
