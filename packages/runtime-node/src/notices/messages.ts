import { spokenLength, type DurationMs } from "@open-multi-auth/domain";

/** Nobody plans by the second. */
const soon = (ms: DurationMs): string => spokenLength(Math.max(60_000, Math.round(ms / 60_000) * 60_000));

/** An account has used up its quota. */
export const exhausted = (alias: string, backInMs: DurationMs, othersServe: boolean): string =>
  `${alias} has used up its quota and is back in ${soon(backInMs)}.${
    othersServe ? " The other accounts answer meanwhile." : ""
  }`;

/** An account's login is dead. */
export const reauth = (alias: string): string =>
  `The account "${alias}" needs a new login and is not used. Run: oma reauth ${alias}`;

/** No account can serve. */
export function nobody(
  first: { readonly alias: string; readonly inMs: DurationMs } | undefined,
  dead: string | undefined,
): string {
  const next = first && ` The first, ${first.alias}, is back in ${soon(first.inMs)}.`;
  const help = dead && `${first ? " Sooner:" : " Run:"} oma reauth ${dead}`;
  return `No account can answer now.${next ?? ""}${help ?? ""}`;
}

/** An account runs out before its window resets. */
export const forecast = (alias: string, window: string, inMs: DurationMs, resetInMs: DurationMs): string =>
  `At this pace ${alias} uses up its ${window} in ${soon(inMs)}; it resets in ${soon(resetInMs)}.`;
