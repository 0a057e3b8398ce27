import { epochMs } from "@open-multi-auth/domain";
import type { Told, ToldOf } from "./decide.ts";

/** What was told of, by the way in which it was. */
export type ToldBy = Readonly<Record<string, ToldOf>>;

/** What `activity/notices.json` says; what is malformed counts as not told. */
export function toldIn(file: unknown): ToldBy {
  return mapped(fieldOf(file, "told"), (channel) => mapped(channel, toldOf));
}

function toldOf(value: unknown): Told | undefined {
  const [renewsAt, keptUntil] = [fieldOf(value, "renewsAt"), fieldOf(value, "keptUntil")];
  if (typeof renewsAt !== "number" || typeof keptUntil !== "number") return undefined;
  return { renewsAt: epochMs(renewsAt), keptUntil: epochMs(keptUntil) };
}

function mapped<T>(value: unknown, to: (value: unknown) => T | undefined): Record<string, T> {
  if (typeof value !== "object" || value === null) return {};
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, one]) => {
      const made = to(one);
      return made === undefined ? [] : [[key, made] as const];
    }),
  );
}

const fieldOf = (value: unknown, name: string): unknown =>
  typeof value === "object" && value !== null
    ? Object.entries(value).find(([key]) => key === name)?.[1]
    : undefined;
