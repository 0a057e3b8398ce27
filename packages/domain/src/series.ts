import { z } from "zod";
import type { Account } from "./account.ts";
import type { DecisionRecord } from "./decision-record.ts";
import type { AccountId } from "./ids.ts";
import { failovers, isInterruptionKept } from "./metrics.ts";
import { after, epochMs, epochMsSchema, type DurationMs, type EpochMs } from "./time.ts";

const HOUR_MS: DurationMs = 3_600_000;
/** How far back a series goes. */
export const SERIES_DAYS = 30;
/** Accounts' hours kept at most: about 5 MB. */
const MOST_ACCOUNT_HOURS = 90_000;

const count = z.number().int().min(0);
const known = z.number().nullable();

/** Of one account in one hour: requests that it answered, percent left of its windows at its last reading, intended share. */
const accountHourSchema = z.tuple([count, known, known, known]);
type AccountHour = z.infer<typeof accountHourSchema>;

const hourSchema = z.object({
  /** When it began. */
  at: epochMsSchema,
  requests: count,
  served: count,
  refused: count,
  interrupted: count,
  /** Requests that went on to another account. */
  moved: count,
  /** Requests that were served although an account had failed them. */
  interruptionsKept: count,
  /** By account id. */
  accounts: z.record(z.string(), accountHourSchema),
});
type SeriesHour = z.infer<typeof hourSchema>;

/** What the pool did, hour by hour, as it is kept; oldest first, hours in which nothing was known left out. */
export const seriesSchema = z.object({ version: z.literal(1), hours: z.array(hourSchema) });
export type Series = z.infer<typeof seriesSchema>;

/** A series with nothing in it. */
export const emptySeries = (): Series => ({ version: 1, hours: [] });

/** The series with records that are not in it yet. */
export function countInSeries(
  series: Series,
  records: readonly DecisionRecord[],
  { accounts, now }: { readonly accounts: readonly Account[]; readonly now: EpochMs },
): Series {
  const ids = new Map(accounts.map(({ alias, id }) => [String(alias), id]));
  return changed(series, now, (change) => {
    for (const record of records) change(record.at, (hour) => withRecord(hour, record, ids));
  });
}

/** What is known of the accounts by now. */
export interface SeriesReadings {
  readonly accounts: readonly Account[];
  /** The part of the placements that each of them is to get, 0 to 1. */
  readonly shares: Readonly<Record<AccountId, number>>;
  readonly now: EpochMs;
}

/** The series with the accounts' readings, and the shares of now. The same ones change nothing. */
export function readIntoSeries(series: Series, { accounts, shares, now }: SeriesReadings): Series {
  return changed(series, now, (change) => {
    for (const { id, rateLimitHistory } of accounts) {
      for (const { at, fiveHour, weekly } of newestPerHour(rateLimitHistory)) {
        change(at, (hour) =>
          withAccount(hour, id, ([requests, five, week, share]) => [
            requests,
            fiveHour?.remaining ?? five,
            weekly?.remaining ?? week,
            share,
          ]),
        );
      }
    }
    for (const [id, share] of Object.entries(shares))
      change(now, (hour) => withAccount(hour, id, ([requests, five, week]) => [requests, five, week, share]));
  });
}

type Change = (at: EpochMs, how: (hour: SeriesHour) => SeriesHour) => void;

/** What is older than 30 days goes, and what a wrong clock put into the future is not taken. */
function changed(series: Series, now: EpochMs, work: (change: Change) => void): Series {
  const hours = new Map(series.hours.map((hour) => [hour.at, hour]));
  const oldest = after(hourOf(now), (1 - SERIES_DAYS * 24) * HOUR_MS);
  work((at, how) => {
    const begin = hourOf(at);
    if (begin >= oldest && begin <= now) hours.set(begin, how(hours.get(begin) ?? emptyHour(begin)));
  });
  let room = MOST_ACCOUNT_HOURS;
  const kept = [...hours.values()]
    .filter(({ at }) => at >= oldest)
    .toSorted((a, b) => b.at - a.at)
    .filter(({ accounts }) => (room -= Object.keys(accounts).length) >= 0);
  return { version: 1, hours: kept.toReversed() };
}

function newestPerHour(history: Account["rateLimitHistory"]): Iterable<Account["rateLimitHistory"][number]> {
  return new Map(history.map((entry) => [hourOf(entry.at), entry])).values();
}

function withRecord(
  hour: SeriesHour,
  record: DecisionRecord,
  ids: ReadonlyMap<string, AccountId>,
): SeriesHour {
  const { outcome, selectedAlias } = record;
  const counted: SeriesHour = {
    ...hour,
    requests: hour.requests + 1,
    served: hour.served + Number(outcome === "served"),
    refused: hour.refused + Number(outcome === "refused"),
    interrupted: hour.interrupted + Number(outcome === "interrupted"),
    moved: hour.moved + Number(failovers(record) > 0),
    interruptionsKept: hour.interruptionsKept + Number(isInterruptionKept(record)),
  };
  const id = selectedAlias === null ? undefined : ids.get(selectedAlias);
  if (id === undefined) return counted;
  return withAccount(counted, id, ([requests, ...rest]) => [requests + 1, ...rest]);
}

function withAccount(hour: SeriesHour, id: string, how: (known: AccountHour) => AccountHour): SeriesHour {
  return { ...hour, accounts: { ...hour.accounts, [id]: how(hour.accounts[id] ?? [0, null, null, null]) } };
}

const emptyHour = (at: EpochMs): SeriesHour => ({
  at,
  requests: 0,
  served: 0,
  refused: 0,
  interrupted: 0,
  moved: 0,
  interruptionsKept: 0,
  accounts: {},
});

const hourOf = (at: EpochMs): EpochMs => epochMs(Math.floor(at / HOUR_MS) * HOUR_MS);
