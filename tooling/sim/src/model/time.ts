/** Milliseconds. */
export const SECOND = 1_000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;
export const WEEK = 7 * DAY;

/** An instant far from 0, at which every simulation begins: a Monday, 00:00 UTC. */
export const START = 1_799_625_600_000;

/** The day of the week, 0 for Monday, of an instant counted from the start. */
export const weekdayOf = (at: number): number => Math.floor(at / DAY) % 7;
