const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
const UNITS = [
  ["d", DAY_MS],
  ["h", HOUR_MS],
  ["m", MINUTE_MS],
  ["s", 1_000],
] as const;
/** Keeps a figure and its unit together. */
const NARROW = "\u202F";

/** A length of time in its two largest units: `3 d 4 h`, `2 h 12 m`, `40 s`. */
export function duration(ms: number): string {
  let rest = Math.max(0, Math.floor(ms / 1_000) * 1_000);
  const parts: string[] = [];
  for (const [unit, length] of UNITS) {
    const count = Math.floor(rest / length);
    if (count > 0) parts.push(`${count}${NARROW}${unit}`);
    else if (parts.length > 0) break;
    rest -= count * length;
    // Seconds tell nothing beside minutes, and minutes nothing beside days.
    if (parts.length === 2 || (parts.length === 1 && unit === "m")) break;
  }
  return parts.join(" ") || `0${NARROW}s`;
}

/** A forecast carries no more digits than it deserves: from 6 h to the hour, from 1 h to 10 min, else to 5 min. */
export const forecastStep = (ms: number): number =>
  ms >= 6 * HOUR_MS ? HOUR_MS : ms >= HOUR_MS ? 10 * MINUTE_MS : 5 * MINUTE_MS;

/** A forecast length of time, rounded to what it deserves. */
export function forecast(ms: number): string {
  const step = forecastStep(ms);
  return duration(Math.max(step, Math.round(ms / step) * step));
}

// Making a formatter costs a thousand times what using it does.
const DAY_TIME = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit" });
const EXACT_TIME = new Intl.DateTimeFormat("en-GB", {
  hour: "2-digit",
  minute: "2-digit",
  second: "2-digit",
});
const WEEKDAY = new Intl.DateTimeFormat("en-GB", { weekday: "short" });
const DATE = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short" });

/** A time of day: `15:20`. */
export const clock = (at: number, { seconds = false } = {}): string =>
  (seconds ? EXACT_TIME : DAY_TIME).format(at);

/** A day of the week: `Sun`. */
export const weekday = (at: number): string => WEEKDAY.format(at);

/** An instant as people say it now: `15:20`, `Sun 08:08` on another day, `2 Aug 08:08` further away. */
export function moment(at: number, now: number): string {
  if (dayOf(at) === dayOf(now)) return clock(at);
  return Math.abs(at - now) < 6.5 * DAY_MS ? `${weekday(at)} ${clock(at)}` : `${date(at)} ${clock(at)}`;
}

/** When something happened, for a list: the second of today, the day of what is older. */
export const happened = (at: number, now: number): string =>
  dayOf(at) === dayOf(now) ? clock(at, { seconds: true }) : date(at);

/** A day: `2 Aug`. */
export const date = (at: number): string => DATE.format(at);

/** A forecast instant, rounded like its distance. */
export function forecastMoment(at: number, now: number): string {
  const step = forecastStep(at - now);
  return moment(Math.round(at / step) * step, now);
}

const dayOf = (at: number): string => new Date(at).toDateString();

/** The midnights after `from`, up to `to`. */
export function midnights(from: number, to: number): number[] {
  const all: number[] = [];
  const day = new Date(from);
  for (;;) {
    // By the calendar: a day may have 23 or 25 hours.
    day.setHours(24, 0, 0, 0);
    if (day.getTime() >= to) return all;
    all.push(day.getTime());
  }
}
