import { z } from "zod";

/** An instant: milliseconds since the epoch, UTC. */
export type EpochMs = number & z.$brand<"EpochMs">;

/** A length of time in milliseconds. */
export type DurationMs = number;

/** Where the present instant comes from. */
export interface Clock {
  now(): EpochMs;
  /** For how many ms the machine has been up: nobody sets that clock. Absent where `now` is never set either. */
  readonly upMs?: () => number;
}

/** An instant as the store keeps it: finite, not before the epoch. */
export const epochMsSchema = z.number().min(0).brand<"EpochMs">();

/** Marks a number of milliseconds since the epoch as an instant. */
export const epochMs = (value: number): EpochMs => value as EpochMs;

/** The instant `duration` milliseconds after `at`. */
export const after = (at: EpochMs, duration: DurationMs): EpochMs => epochMs(at + duration);

/** ISO-8601 UTC, as the API and people see instants. Instants beyond what a date can hold give `undefined`. */
export function toIso(at: EpochMs): string | undefined {
  const date = new Date(at);
  return Number.isNaN(date.getTime()) ? undefined : date.toISOString();
}
