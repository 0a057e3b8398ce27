import { after, type Account, type EpochMs } from "@open-multi-auth/domain";
import { planCapacity } from "../plan-capacity.ts";
import { windowNow, type WindowNow } from "../remaining.ts";
import { bestIndex, ranked, valueAt } from "./ranking.ts";
import { turned, turnOf } from "./round-robin.ts";
import { accountAt, type Field, type Placement } from "./strategy.ts";

/** What a conversation takes, on average, of a week and of five hours of Plus. */
const SESSION_OF_WEEK = 0.1;
const SESSION_OF_FIVE_HOURS = 0.3;
/** An account with this percent left of its week, or less, has no room for a conversation. */
const SPENT_WEEK = 2;
/** A week that ends this soon is not worth more than one that ends a little later. */
const SOONEST_MS = 30 * 60_000;
const WEEK_MS = 7 * 24 * 60 * 60_000;

/**
 * Where the most of the week would be left unused: the share of the week that is left and not yet spoken for by the
 * conversations that live there, by the time to its reset.
 *
 * Only accounts are in question that have room in their five hours, beyond `lowThreshold` and what their
 * conversations will take; all others come behind, the roomiest first. Shares, not amounts, are compared, so that a
 * small plan is not starved by a large one. Equals take turns. An account whose week is unknown counts as the middle
 * one of the others, and gets one request at a time until its answer tells.
 */
export function headroom(field: Field): Placement {
  const { eligible, rotation } = field;
  const { paces, rooms } = standingsOf(field);
  const compare = (a: number, b: number): number =>
    valueAt(paces, b) - valueAt(paces, a) || valueAt(rooms, b) - valueAt(rooms, a);
  const start = turnOf(eligible, rotation);
  const first = accountAt(eligible, bestIndex(eligible.length, start, compare));
  return { first, order: () => ranked(eligible, start, compare), rotation: turned(rotation, first) };
}

/** What each account is ranked by, in the order of the eligible ones. */
interface Standings {
  /** The share of the week to use per millisecond so that nothing is left at its reset; below 0 without room. */
  readonly paces: readonly number[];
  /** The share of the five hours that is left once its conversations have taken theirs. */
  readonly rooms: readonly number[];
}

function standingsOf({ eligible, settings, inFlight, sessions, now }: Field): Standings {
  const paces: number[] = [];
  const rooms: number[] = [];
  let middle: WindowNow | undefined;
  for (const account of eligible) {
    const requests = inFlight.get(account.id) ?? 0;
    const load = Math.max(sessions.get(account.id) ?? 0, requests) / planCapacity(account);
    const known = windowNow(account, "weekly", now);
    const week = known ?? (middle ??= middleWeek(eligible, now));
    const room = (windowNow(account, "fiveHour", now)?.remaining ?? 100) / 100 - load * SESSION_OF_FIVE_HOURS;
    const isFree = week.remaining > SPENT_WEEK && (known !== undefined || requests === 0);
    rooms.push(room);
    paces.push(isFree && room * 100 > settings.lowThreshold ? pace(week, load * SESSION_OF_WEEK, now) : -1);
  }
  return { paces, rooms };
}

function pace({ remaining, resetAt }: WindowNow, spokenFor: number, now: EpochMs): number {
  return Math.max(0, remaining / 100 - spokenFor) / Math.max(resetAt - now, SOONEST_MS);
}

/** The week of the account in the middle by pace; a whole week where none is known. */
function middleWeek(eligible: readonly Account[], now: EpochMs): WindowNow {
  const weeks = eligible
    .map((account) => windowNow(account, "weekly", now))
    .filter((week) => week !== undefined);
  weeks.sort((a, b) => pace(a, 0, now) - pace(b, 0, now));
  return weeks[weeks.length >> 1] ?? { remaining: 100, resetAt: after(now, WEEK_MS) };
}
