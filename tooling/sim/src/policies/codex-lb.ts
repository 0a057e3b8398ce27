import { DAY, MINUTE, WEEK } from "../model/time.ts";
import type { Plan } from "../model/upstream-account.ts";
import {
  createPeer,
  fiveHourUsed,
  least,
  untilWeeklyReset,
  weeklyUsed,
  type PeerAccount,
  type PeerPool,
  type PeerRule,
} from "./peer.ts";
import type { PolicyKind } from "./policy.ts";

const AFFINITY_MS = 30 * MINUTE;
const BUDGET_PERCENT = 95;
const DRAINING_FIVE_HOUR = 85;
const DRAINING_WEEKLY = 90;
const SHORTEST_MS = 5 * MINUTE;
const FEWEST_OF_BEST = 0.1;
const TOP = 5;

/** The capacities that it assumes, in its weekly credits. */
const CAPACITY: Readonly<Record<string, number>> = { plus: 7_560, pro5: 37_800, pro20: 50_400 };

const capacityOf = ({ name }: Plan): number => CAPACITY[name] ?? 1_134;
const remaining = (account: PeerAccount, now: number): number =>
  capacityOf(account.plan) * (1 - weeklyUsed(account, now) / 100);
const daysLeft = (account: PeerAccount, now: number): number =>
  Math.floor(untilWeeklyReset(account, now, 10_000 * DAY) / DAY);

/** Conversations leave an account over 95 % of its five hours, if some other is under it. */
function stays(bound: PeerAccount, { accounts, now }: PeerPool): boolean {
  const isOver = (account: PeerAccount): boolean => fiveHourUsed(account, now) > BUDGET_PERCENT;
  return !isOver(bound) || accounts.every((account) => account.blockedUntil > now || isOver(account));
}

/** Accounts within their five-hour budget, of these the ones that are not running out. */
function healthiest(free: readonly PeerAccount[], now: number): readonly PeerAccount[] {
  const within = orAll(free, (account) => fiveHourUsed(account, now) <= BUDGET_PERCENT);
  return orAll(
    within,
    (account) =>
      fiveHourUsed(account, now) < DRAINING_FIVE_HOUR && weeklyUsed(account, now) < DRAINING_WEEKLY,
  );
}

function orAll(
  accounts: readonly PeerAccount[],
  fits: (account: PeerAccount) => boolean,
): readonly PeerAccount[] {
  const fitting = accounts.filter(fits);
  return fitting.length > 0 ? fitting : accounts;
}

/** One of them, each as likely as its weight. */
function draw(
  accounts: readonly PeerAccount[],
  weights: readonly number[],
  { now, random }: PeerPool,
): PeerAccount {
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  let left = random.next() * total;
  for (const [index, account] of accounts.entries()) {
    left -= weights[index] ?? 0;
    if (total > 0 && left < 0) return account;
  }
  return least(accounts, (account) => [
    weeklyUsed(account, now),
    fiveHourUsed(account, now),
    account.lastChosenAt,
  ]);
}

const byCapacity: PeerRule = {
  affinityMs: AFFINITY_MS,
  stays,
  choose(free, pool) {
    const { now } = pool;
    const pick = healthiest(free, now);
    const soonest = Math.min(...pick.map((account) => daysLeft(account, now)));
    const earliest = pick.filter((account) => daysLeft(account, now) === soonest);
    return draw(
      earliest,
      earliest.map((account) => remaining(account, now)),
      pool,
    );
  },
};

const byAvailability: PeerRule = {
  affinityMs: AFFINITY_MS,
  stays,
  choose(free, pool) {
    const { now } = pool;
    const paced = healthiest(free, now).map((account) => ({
      account,
      pace: remaining(account, now) / Math.max(untilWeeklyReset(account, now, WEEK), SHORTEST_MS),
    }));
    const most = Math.max(...paced.map(({ pace }) => pace));
    const best = paced
      .map(({ account, pace }) => ({ account, weight: most > 0 ? (pace / most) ** 2 : 1 }))
      .filter(({ weight }) => weight >= FEWEST_OF_BEST)
      .toSorted((a, b) => b.weight - a.weight)
      .slice(0, TOP);
    return draw(
      best.map(({ account }) => account),
      best.map(({ weight }) => weight),
      pool,
    );
  },
};

const byReset: PeerRule = {
  affinityMs: AFFINITY_MS,
  stays,
  choose(free, { now }) {
    const within = orAll(free, (account) => fiveHourUsed(account, now) <= BUDGET_PERCENT);
    return least(within, (account) => [
      daysLeft(account, now),
      fiveHourUsed(account, now),
      weeklyUsed(account, now),
      untilWeeklyReset(account, now, 10_000 * DAY),
    ]);
  },
};

const kind = (id: string, title: string, rule: PeerRule): PolicyKind => ({
  id,
  title,
  by: "peer",
  create: (scenario, random) => createPeer(rule, scenario, random),
});

/** codex-lb as it comes: accounts of the earliest reset day, drawn by what is left of them. */
export const codexLbDefault = kind("codex-lb", "codex-lb default", byCapacity);
/** codex-lb, `relative_availability`: drawn by the square of what is left per time to the reset. */
export const codexLbAvailability = kind(
  "codex-lb-availability",
  "codex-lb relative_availability",
  byAvailability,
);
/** codex-lb, `reset_drain`: the earliest reset day, then the most left. */
export const codexLbDrain = kind("codex-lb-drain", "codex-lb reset_drain", byReset);
