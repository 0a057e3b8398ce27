import type { SeriesView } from "@open-multi-auth/domain";
import type { RunwayView } from "@open-multi-auth/loopback-api/client";
import { midnights } from "../../format/time.ts";

const DAY_MS = 86_400_000;

/** What is left in the pool at one instant, in percent. */
export interface LevelPoint {
  readonly at: number;
  readonly left: number;
}

/** The level of the pool: measured until now, then what it comes to at this pace. */
export interface Level {
  readonly from: number;
  readonly to: number;
  readonly past: readonly LevelPoint[];
  readonly forecast: readonly LevelPoint[];
  /** When nothing is left at this pace. */
  readonly emptyAt: number | undefined;
}

interface LevelOptions {
  /** Whose level it is. */
  readonly aliases: readonly string[];
  readonly days: number;
  readonly now: number;
  readonly runway: { readonly fiveHour: RunwayView; readonly weekly: RunwayView };
}

/** The mean of what the accounts have left of their week, hour by hour; a reading holds until the next one. */
export function levelOf({ hours }: SeriesView, { aliases, days, now, runway }: LevelOptions): Level {
  const from = now - days * DAY_MS;
  const known = new Map<string, number>();
  const past = hours.flatMap((hour): LevelPoint[] => {
    for (const { alias, weekly } of hour.accounts) {
      if (weekly !== null && aliases.includes(alias)) known.set(alias, weekly);
    }
    const left = [...known.values()];
    const at = Date.parse(hour.at);
    if (left.length === 0 || at < from) return [];
    return [{ at, left: left.reduce((sum, one) => sum + one, 0) / left.length }];
  });
  const emptyAt = earliest(runway);
  const last = past.at(-1);
  const to = now + Math.min(7, Math.max(1, days)) * DAY_MS * 0.6;
  const measured = last === undefined ? past : [...past, { at: now, left: last.left }];
  const forecast =
    last === undefined || emptyAt === undefined || emptyAt <= now
      ? []
      : [{ at: now, left: last.left }, pointAt(Math.min(emptyAt, to), { now, left: last.left, emptyAt })];
  return { from, to, past: measured, forecast, emptyAt };
}

function pointAt(
  at: number,
  { now, left, emptyAt }: { now: number; left: number; emptyAt: number },
): LevelPoint {
  return { at, left: left * (1 - (at - now) / (emptyAt - now)) };
}

function earliest({ fiveHour, weekly }: LevelOptions["runway"]): number | undefined {
  const ends = [fiveHour, weekly].flatMap((one) => (one.kind === "runs-out" ? [Date.parse(one.at)] : []));
  return ends.length === 0 ? undefined : Math.min(...ends);
}

/** The midnights of a span, at most about eight of them, so that their names do not touch. */
export function dayMarks(from: number, to: number): number[] {
  const all = midnights(from, to);
  const step = Math.ceil(all.length / 8);
  return all.filter((_, index) => index % step === 0);
}
