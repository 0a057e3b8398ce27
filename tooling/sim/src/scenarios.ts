import type { Scenario } from "./model/scenario.ts";
import { DAY, weekdayOf } from "./model/time.ts";
import type { Plan } from "./model/upstream-account.ts";

const PLUS: Plan = { name: "plus", fiveHour: 1_000, weekly: 6_000 };
const PRO5: Plan = { name: "pro5", fiveHour: 5_000, weekly: 30_000 };
const PRO20: Plan = { name: "pro20", fiveHour: 20_000, weekly: 120_000 };
const WEEKLY_ONLY: Plan = { ...PLUS, fiveHour: Infinity };

/** So many accounts of the small plan. */
export const plus = (count: number): readonly Plan[] => Array.from({ length: count }, () => PLUS);
const BUSY_DAYS = 5;
/** How busy a weekend is, where work is done on workdays. */
const WEEKEND = 0.15;
const WORKDAY = (7 - 2 * WEEKEND) / BUSY_DAYS;

/** Ten whose outcome others have simulated before us, and three with unequal plans. */
export const MAIN_SCENARIOS: readonly Scenario[] = [
  { id: "S1", title: "4 Plus, 60 %", plans: plus(4), resets: "staggered", demand: 0.6 },
  { id: "S2", title: "6 Plus, staggered resets, 95 %", plans: plus(6), resets: "staggered", demand: 0.95 },
  { id: "S3", title: "6 Plus, staggered resets, 130 %", plans: plus(6), resets: "staggered", demand: 1.3 },
  { id: "S4", title: "6 Plus, one reset, 95 %", plans: plus(6), resets: "together", demand: 0.95 },
  {
    id: "S5",
    title: "Pro 20x, Pro 5x, 4 Plus, 90 %",
    plans: [PRO20, PRO5, ...plus(4)],
    resets: "staggered",
    demand: 0.9,
  },
  {
    id: "S6",
    title: "6 accounts with a weekly window only, 95 %",
    plans: Array.from({ length: 6 }, () => WEEKLY_ONLY),
    resets: "staggered",
    demand: 0.95,
  },
  {
    id: "S7",
    title: "6 Plus, pairs of conversations, 3 requests at once, 70 %",
    plans: plus(6),
    resets: "staggered",
    demand: 0.7,
    concurrency: 3,
    arrivals: { group: 2 },
    habits: { turns: 22, pauseMs: 15_000 },
  },
  {
    id: "S8",
    title: "6 Plus, early resets, 95 %",
    plans: plus(6),
    resets: "staggered",
    demand: 0.95,
    happenings: ({ weeks, random }) =>
      Array.from({ length: 2 * weeks }, (_, half) => ({
        kind: "early-reset" as const,
        at: (half + random.next()) * 3.5 * DAY,
        account: Math.floor(random.next() * 6),
      })),
  },
  {
    id: "S9",
    title: "6 Plus, one gone from day 10 to 14, 80 %",
    plans: plus(6),
    resets: "staggered",
    demand: 0.8,
    happenings: () => [
      { kind: "dies", at: 10 * DAY, account: 0 },
      { kind: "returns", at: 14 * DAY, account: 0 },
    ],
  },
  {
    id: "S10",
    title: "6 Plus, mostly workdays, 85 %",
    plans: plus(6),
    resets: "staggered",
    demand: 0.85,
    arrivals: { rate: (at) => (weekdayOf(at) < BUSY_DAYS ? WORKDAY : WEEKEND), mostRate: WORKDAY },
  },
  {
    id: "S5b",
    title: "Pro 5x, 3 Plus, 95 %",
    plans: [PRO5, ...plus(3)],
    resets: "staggered",
    demand: 0.95,
  },
  { id: "S5c", title: "Pro 20x, 2 Plus, 100 %", plans: [PRO20, ...plus(2)], resets: "staggered", demand: 1 },
  {
    id: "S5d",
    title: "2 Pro 5x, 2 Plus, one reset, 95 %",
    plans: [PRO5, PRO5, ...plus(2)],
    resets: "together",
    demand: 0.95,
  },
];
