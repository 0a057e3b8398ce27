import { accountSchema, epochMs, type EpochMs } from "@open-multi-auth/domain";
import type { Fields } from "./types.ts";

/** Whether a value is an object with fields, not a list. */
export const isFields = (value: unknown): value is Fields =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** The text of a value, if it is one that says something. */
export const textOf = (value: unknown): string | undefined =>
  typeof value === "string" && value !== "" ? value : undefined;

/** The instant that a value tells, if it does. */
export const instantOf = (value: unknown): EpochMs | undefined =>
  typeof value === "number" && Number.isFinite(value) && value >= 0 ? epochMs(value) : undefined;

/** A record without some of its fields; also takes one called `__proto__` for what it is. */
export function without(fields: Fields, names: ReadonlySet<string>): Fields {
  return Object.fromEntries(Object.entries(fields).filter(([name]) => !names.has(name)));
}

/** A record without the fields that hold nothing. */
export function defined(fields: Fields): Fields {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}

/**
 * What can be kept of an entry as it stands: fields of another meaning in ours are left out, and so is `null` where
 * ours would have no field. `sharedWith` above all: it names files that renewed tokens are written to.
 */
export function ownFields(entry: Fields): Fields {
  return Object.fromEntries(
    Object.entries(entry).filter(([name, value]) => !OURS.has(name) && (value !== null || !KNOWN.has(name))),
  );
}

const KNOWN: ReadonlySet<string> = new Set(Object.keys(accountSchema.shape));

const OURS: ReadonlySet<string> = new Set([
  "id",
  "alias",
  "health",
  "observed",
  "sharedWith",
  "authInvalidReason",
  "rateLimitedAt",
  "modelUnsupported",
]);
