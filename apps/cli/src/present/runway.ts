import { toIso, type AccountView, type EpochMs } from "@open-multi-auth/domain";
import type { Runway } from "@open-multi-auth/limits-probe";
import { plain } from "./text.ts";
import { forecastText } from "./time.ts";

/** How long the pool lasts, by the kind of window. */
export interface Runways {
  readonly fiveHour: Runway;
  readonly weekly: Runway;
}

/** How long all accounts together last, and which is empty first; nothing where nobody can know. */
export function runwayText(runways: Runways, accounts: readonly AccountView[], now: EpochMs): string[] {
  const kinds = [runways.fiveHour, runways.weekly];
  const ends = kinds.flatMap((runway) => (runway.kind === "runs-out" ? runway.at : []));
  if (ends.length === 0) {
    return kinds.some(({ kind }) => kind === "lasts") ? ["enough for weeks at this pace"] : [];
  }
  const end = Math.min(...ends);
  const words =
    end <= now ? "used up until the next reset" : `enough for ${forecastText(end - now)} at this pace`;
  return [words + firstText(accounts, now)];
}

function firstText(accounts: readonly AccountView[], now: EpochMs): string {
  const [first] = accounts
    .filter(({ eligibility }) => eligibility.eligible)
    .flatMap(({ alias, pace }) =>
      [pace?.fiveHour, pace?.weekly].flatMap((one) => (one?.runsOutAt ? [{ alias, at: one.runsOutAt }] : [])),
    )
    .filter(({ at }) => Date.parse(at) > now)
    .toSorted((a, b) => (a.at < b.at ? -1 : 1));
  return first === undefined
    ? ""
    : `; ${plain(first.alias)} is empty first, in ${forecastText(Date.parse(first.at) - now)}`;
}

/** The same for programs. */
export const runwayJson = ({ fiveHour, weekly }: Runways): object => ({
  fiveHour: withIso(fiveHour),
  weekly: withIso(weekly),
});

const withIso = (runway: Runway): object =>
  runway.kind === "runs-out" ? { kind: runway.kind, at: toIso(runway.at) ?? null } : runway;
