import type { Happening, HappeningsContext, Scenario } from "./model/scenario.ts";
import { DAY, HOUR, MINUTE, SECOND } from "./model/time.ts";
import { plus } from "./scenarios.ts";

/** What goes wrong in practice: they last three weeks. */
export const HARD_SCENARIOS: readonly Scenario[] = [
  hard("clock", "clock 3 h fast, then 3 h slow, for 2 h a day, 95 %", {
    demand: 0.95,
    happenings: daily((day) => [
      { kind: "clock-off", at: day + 10 * HOUR, byMs: 3 * HOUR },
      { kind: "clock-off", at: day + 12 * HOUR, byMs: 0 },
      { kind: "clock-off", at: day + 16 * HOUR, byMs: -3 * HOUR },
      { kind: "clock-off", at: day + 18 * HOUR, byMs: 0 },
    ]),
  }),
  hard("unknown", "nothing is told of 3 of 6 accounts, 95 %", { demand: 0.95, untold: [0, 1, 2] }),
  hard("by-hand", "its owner uses one of 6 by hand, 85 %", {
    demand: 0.85,
    happenings: daily((day) =>
      [9, 14, 20].map((hour) => ({ kind: "used-by-hand", at: day + hour * HOUR, account: 0, share: 0.05 })),
    ),
  }),
  hard("stale", "usage is told every 10 min only, 95 %", { demand: 0.95, pollMs: 10 * MINUTE }),
  hard("processes", "two processes of ours, 95 %", { demand: 0.95, processes: 2 }),
  hard("model", "a third asks for a model that 2 of 6 do not serve, 90 %", {
    demand: 0.9,
    arrivals: { secondModel: 1 / 3 },
    withoutSecondModel: [0, 1],
  }),
  hard("model-limit", "a third asks for a model with a smaller limit of its own, 90 %", {
    demand: 0.9,
    arrivals: { secondModel: 1 / 3 },
    secondModelWeekly: 2_000,
    // How a peer takes the limit of one model is not among what is known of its rules.
    oursOnly: true,
  }),
  hard("reserve", "20 % of 2 of 6 is their owner's, 80 %", {
    demand: 0.8,
    settings: { reservePercent: { "account-1": 20, "account-2": 20 } },
    oursOnly: true,
  }),
  hard("single", "a single account, 50 %", { plans: plus(1), demand: 0.5 }),
  hard("blocked", "once a day all are used up, one for 40 s more, 60 %", {
    demand: 0.6,
    happenings: daily((day, { random }) => [
      {
        kind: "all-used-up",
        at: day + Math.floor(random.next() * DAY),
        account: Math.floor(random.next() * 6),
        inMs: 40 * SECOND,
      },
    ]),
  }),
  hard("storm", "half of all requests meet a plain 429 for 10 min in 6 h, 80 %", {
    demand: 0.8,
    happenings: daily((day) =>
      [0, 6, 12, 18].flatMap((hour): Happening[] => [
        { kind: "storm", at: day + hour * HOUR, probability: 0.5 },
        { kind: "storm", at: day + hour * HOUR + 10 * MINUTE, probability: 0 },
      ]),
    ),
  }),
  hard("sub-agents", "one turn in 20 starts a sub-agent, 90 %", {
    demand: 0.9,
    arrivals: { subAgents: 0.05 },
  }),
];

function hard(id: string, title: string, scenario: Partial<Scenario> & { demand: number }): Scenario {
  return { id, title, plans: plus(6), resets: "staggered", weeks: 3, ...scenario };
}

function daily(
  happen: (day: number, context: HappeningsContext) => readonly Happening[],
): (context: HappeningsContext) => readonly Happening[] {
  return (context) =>
    Array.from({ length: 7 * context.weeks }, (_, day) => happen(day * DAY, context)).flat();
}
