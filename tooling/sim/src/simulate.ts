import type { Random } from "@open-multi-auth/domain";
import { createAgenda, type Agenda } from "./model/agenda.ts";
import type { Conversation } from "./model/conversation.ts";
import { createRandom } from "./model/random.ts";
import type { Scenario } from "./model/scenario.ts";
import { emptyTally, type Tally } from "./model/tally.ts";
import { START, WEEK } from "./model/time.ts";
import { openAccount, type UpstreamAccount } from "./model/upstream-account.ts";
import { createClient } from "./client.ts";
import { planHappenings } from "./happenings.ts";
import type { Policy, PolicyKind } from "./policies/policy.ts";

const WEEKS = 6;
/** The first of the weeks does not count: all accounts begin fresh. */
export const WARM_UP_WEEKS = 1;

export const weeksOf = ({ weeks = WEEKS }: Scenario): number => weeks;

/** The simulated world, which policies see only through what they are told. */
export interface World {
  readonly scenario: Scenario;
  readonly agenda: Agenda;
  readonly accounts: readonly UpstreamAccount[];
  readonly policy: Policy;
  readonly tally: Tally;
  readonly countsFrom: number;
  readonly end: number;
  /** How far the policy's clock is ahead. */
  clockOffMs: number;
  storm: number;
  readonly random: Random;
}

/** One run: a scenario, a policy and a seed. The same three give the same tally. */
export function simulate(
  scenario: Scenario,
  kind: PolicyKind,
  { seed, workload }: { seed: number; workload: readonly Conversation[] },
): Tally {
  const weeks = weeksOf(scenario);
  const count = scenario.plans.length;
  const agenda = createAgenda(START);
  const world: World = {
    scenario,
    agenda,
    accounts: scenario.plans.map((plan, index) => {
      const share = scenario.resets === "together" ? 0.5 : (index + 0.5) / count;
      return openAccount(plan, START + share * WEEK, scenario.secondModelWeekly);
    }),
    policy: kind.create(scenario, createRandom(seed, "policy"), () => agenda.now),
    tally: emptyTally(count),
    countsFrom: START + WARM_UP_WEEKS * WEEK,
    end: START + weeks * WEEK,
    clockOffMs: 0,
    storm: 0,
    random: createRandom(seed, "upstream"),
  };
  planHappenings(world, { weeks, random: createRandom(seed, "happenings") });
  const client = createClient(world);
  for (const conversation of workload) {
    agenda.add(START + conversation.startsAt, () => client.begin(conversation));
  }
  agenda.runUntil(world.end);
  client.close();
  return world.tally;
}
