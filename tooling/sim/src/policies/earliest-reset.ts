import { MINUTE, WEEK } from "../model/time.ts";
import {
  createPeer,
  fiveHourUsed,
  least,
  untilWeeklyReset,
  weeklyUsed,
  type PeerAccount,
  type PeerRule,
} from "./peer.ts";
import type { PolicyKind } from "./policy.ts";

const AFFINITY_MS = 30 * MINUTE;
const PROBE_MS = 5 * MINUTE;
/** What a conversation takes of five hours, and the five hours of the plan that this is measured by. */
const SESSION_OF_FIVE_HOURS = 0.3;
const REFERENCE = 1_000;
const LEAST_ROOM = 0.25;
const SPENT_WEEK = 98;

const rule: PeerRule = {
  affinityMs: AFFINITY_MS,
  stays: (bound, { now }) => isLeft(bound, now),
  choose(free, { now }) {
    const left = free.filter((account) => isLeft(account, now));
    const pool = left.length > 0 ? left : free;
    const roomy = pool.filter(
      (account) => roomOf(account, now) > LEAST_ROOM && weeklyUsed(account, now) < SPENT_WEEK,
    );
    if (roomy.length === 0) return least(pool, (account) => [-roomOf(account, now)]);
    return least(roomy, (account) => [
      untilWeeklyReset(account, now, WEEK),
      -roomOf(account, now),
      account.lastChosenAt,
    ]);
  },
  quotaRestMs: (_account, untilReset) => Math.min(untilReset, PROBE_MS),
};

const isLeft = (account: PeerAccount, now: number): boolean =>
  fiveHourUsed(account, now) < 100 && weeklyUsed(account, now) < 100;

/** The part of the five hours that is left once the conversations there have taken theirs. */
function roomOf(account: PeerAccount, now: number): number {
  let active = 0;
  for (const at of account.guests.values()) if (now - at < AFFINITY_MS) active += 1;
  const taken = SESSION_OF_FIVE_HOURS * active * (REFERENCE / account.plan.fiveHour);
  return 1 - fiveHourUsed(account, now) / 100 - taken;
}

/** The earliest weekly reset first, among accounts whose five hours have room: a baseline that nobody ships. */
export const earliestReset: PolicyKind = {
  id: "earliest-reset",
  title: "earliest reset first, with room",
  by: "baseline",
  create: (scenario, random) => createPeer(rule, scenario, random),
};
