import type { AccountView } from "@open-multi-auth/domain";
import { confidenceAt } from "./confidence.ts";
import type { Slot } from "./window.ts";
import { isUsable } from "./sign-in.ts";

const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;

/** From `from` up to `to`, both instants. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/** A span in which no account can serve, and whose reset ends it. */
export interface Gap extends Span {
  readonly alias: string;
}

/** Spans in which no account can serve, up to the horizon: the server's runway, told on beyond its end. */
export function poolGaps(accounts: readonly AccountView[], now: number, horizon: number): Gap[] {
  const usable = accounts.filter((account) => isCounted(account, now));
  // Later 5-hour windows start on first use: nobody knows when.
  const near = Math.min(horizon, now + 12 * HOUR_MS);
  return merged([...gapsOf(usable, "fiveHour", now, near), ...gapsOf(usable, "weekly", now, horizon)]);
}

/** Whether an account counts for the pool: it could serve, and somebody knows what is left of it. */
const isCounted = (account: AccountView, now: number): boolean =>
  isUsable(account) && confidenceAt(account, now) !== "unknown";

function gapsOf(accounts: readonly AccountView[], slot: Slot, now: number, horizon: number): Gap[] {
  // An account without this limit serves on, however empty the others are.
  if (accounts.length === 0 || accounts.some(({ limits }) => limits && !limits[slot])) return [];
  const burns = accounts.map(({ pace }) => pace?.[slot]?.burnPerHour ?? 0);
  const perMs = burns.reduce((sum, burn) => sum + burn, 0) / HOUR_MS;
  let tanks = accounts.flatMap((account) => tankOf(account, slot, now));
  const gaps: Gap[] = [];
  for (let at = now; at < horizon && tanks.length > 0;) {
    const left = tanks.reduce((sum, { percent }) => sum + percent, 0);
    const nextReset = Math.min(...tanks.map(({ fullAt }) => fullAt));
    const emptyAt = perMs > 0 ? at + left / perMs : left > 0 ? Infinity : at;
    if (emptyAt < nextReset) gaps.push({ from: emptyAt, to: nextReset, alias: aliasOf(tanks, nextReset) });
    const rest = Math.max(0, left - perMs * (nextReset - at));
    tanks = tanks.map((tank) =>
      tank.fullAt === nextReset
        ? { ...tank, percent: 100, fullAt: nextReset + tank.lengthMs }
        : { ...tank, percent: left === 0 ? 0 : tank.percent * (rest / left) },
    );
    at = nextReset;
  }
  return gaps.filter(({ from }) => from < horizon);
}

const aliasOf = (tanks: readonly Tank[], fullAt: number): string =>
  tanks.find((tank) => tank.fullAt === fullAt)?.alias ?? "";

interface Tank {
  readonly alias: string;
  readonly percent: number;
  readonly fullAt: number;
  readonly lengthMs: number;
}

function tankOf({ alias, limits }: AccountView, slot: Slot, now: number): Tank[] {
  const window = limits?.[slot];
  if (!limits || !window) return [];
  const lengthMs = window.windowMinutes * MINUTE_MS;
  const fullAt = window.resetAt === null ? Date.parse(limits.at) + lengthMs : Date.parse(window.resetAt);
  return fullAt <= now
    ? [{ alias, percent: 100, fullAt: now + lengthMs, lengthMs }]
    : [{ alias, percent: window.remaining, fullAt, lengthMs }];
}

/** Gaps closer than this are drawn as one: a refill that short is used up before anybody sees it. */
const APART_MS = 15 * MINUTE_MS;

function merged(gaps: readonly Gap[]): Gap[] {
  const all: Gap[] = [];
  for (const gap of gaps.toSorted((a, b) => a.from - b.from)) {
    const last = all.at(-1);
    if (last && gap.from <= last.to + APART_MS) {
      all[all.length - 1] = { ...(gap.to > last.to ? gap : last), from: last.from };
    } else all.push(gap);
  }
  return all;
}

/** What is left of a span once others are taken out of it. */
export function without(span: Span, holes: readonly Span[]): readonly Span[] {
  return holes.reduce<readonly Span[]>((parts, hole) => parts.flatMap((part) => cut(part, hole)), [span]);
}

function cut(part: Span, hole: Span): readonly Span[] {
  if (hole.to <= part.from || hole.from >= part.to) return [part];
  const rest = [
    { from: part.from, to: hole.from },
    { from: hole.to, to: part.to },
  ];
  return rest.filter(({ from, to }) => to > from);
}
