import { z } from "zod";
import type { Account } from "./account.ts";
import { SERIES_DAYS, type Series } from "./series.ts";
import { after, toIso, type EpochMs } from "./time.ts";

const count = z.number().int().min(0);

/** What the pool did, hour by hour, as the API shows it; oldest first. An hour in which nothing was known is left out. */
export const seriesViewSchema = z.object({
  hours: z.array(
    z.object({
      /** When it began. */
      at: z.iso.datetime(),
      requests: count,
      served: count,
      refused: count,
      interrupted: count,
      /** Requests that went on to another account. */
      moved: count,
      /** Requests that were served although an account had failed them: what nobody noticed. */
      interruptionsKept: count,
      /** Of the accounts there are now; only those of which something is known. */
      accounts: z.array(
        z.object({
          alias: z.string(),
          /** Requests that it answered. */
          requests: count,
          /** Percent left at the last reading of the hour; null where there was none. */
          fiveHour: z.number().nullable(),
          weekly: z.number().nullable(),
          /** The part of the placements that it was to get, 0 to 1; null where it was to get none. */
          share: z.number().nullable(),
        }),
      ),
    }),
  ),
});
export type SeriesView = z.infer<typeof seriesViewSchema>;

/** The newest days of a series, by the names that accounts have now. */
export function seriesView(
  { hours }: Series,
  accounts: readonly Account[],
  { days = SERIES_DAYS, now }: { readonly days?: number; readonly now: EpochMs },
): SeriesView {
  const from = after(now, -days * 86_400_000);
  return {
    hours: hours
      .filter(({ at }) => at >= from)
      .map(({ at, accounts: known, ...totals }) => ({
        at: toIso(at) ?? "",
        ...totals,
        accounts: accounts.flatMap(({ id, alias }) => {
          const hour = known[id];
          if (hour === undefined) return [];
          const [requests, fiveHour, weekly, share] = hour;
          return [{ alias, requests, fiveHour, weekly, share }];
        }),
      })),
  };
}
