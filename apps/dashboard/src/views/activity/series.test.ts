import type { SeriesView } from "@open-multi-auth/domain";
import { describe, expect, it } from "vitest";
import { dayMarks, levelOf } from "./level.ts";
import { shareRows } from "./share-rows.ts";

const HOUR = 3_600_000;
const NOW = Date.parse("2026-11-21T14:08:00.000Z");
const valid = { state: "valid" } as const;

describe("shareRows", () => {
  const accounts = [
    { alias: "lab", enabled: true, auth: valid },
    { alias: "work", enabled: true, auth: valid },
    { alias: "client", enabled: true, auth: { state: "invalid" } as const },
    { alias: "off", enabled: false, auth: valid },
  ];

  it("has what each account got and was to get, the largest first, and why one was to get nothing", () => {
    const { total, most, rows } = shareRows(
      series(
        hour(0, [
          ["lab", 10, 0.25],
          ["work", 20, 0.25],
          ["client", 0, 0.5],
        ]),
        hour(1, [
          ["lab", 0, 0.25],
          ["work", 10, 0.75],
        ]),
      ),
      accounts,
      NOW,
    );
    expect([total, most]).toEqual([40, 20]);
    expect(rows.map(({ alias, share, aim, why }) => [alias, share, aim, why])).toEqual([
      ["work", 0.75, 0.6, undefined],
      ["lab", 0.25, 0.4, undefined],
      ["client", 0, undefined, "signed out"],
      ["off", 0, undefined, "off"],
    ]);
    expect(rows[0]?.hours.slice(-2)).toEqual([10, 20]);
  });

  it("leaves out what is older than a day, and divides nothing by nothing", () => {
    const { total, rows } = shareRows(series(hour(24, [["lab", 10, 1]])), accounts, NOW);
    expect(total).toBe(0);
    expect(rows.map(({ share }) => share)).toEqual([0, 0, 0, 0]);
  });
});

describe("levelOf", () => {
  const lasts = { kind: "lasts" } as const;
  const options = { aliases: ["lab", "work"], days: 7, now: NOW, runway: { fiveHour: lasts, weekly: lasts } };

  it("is the mean of the accounts, each reading held until the next", () => {
    const { past } = levelOf(
      series(
        hour(2, [
          ["lab", 1, 1, 80],
          ["off", 1, 1, 0],
        ]),
        hour(1, [["work", 1, 1, 40]]),
        hour(0, [["lab", 1, 1, null]]),
      ),
      options,
    );
    expect(past.map(({ left }) => left)).toEqual([80, 60, 60, 60]);
    expect(past.at(-1)?.at).toBe(NOW);
  });

  it("goes on to when nothing is left, whichever window ends it, as far as it is drawn", () => {
    const at = (hours: number) => ({
      kind: "runs-out" as const,
      at: new Date(NOW + hours * HOUR).toISOString(),
    });
    const known = series(hour(0, [["lab", 1, 1, 60]]));
    const soon = levelOf(known, { ...options, runway: { fiveHour: at(10), weekly: at(20) } });
    expect(soon.forecast.at(-1)).toEqual({ at: NOW + 10 * HOUR, left: 0 });
    const late = levelOf(known, { ...options, days: 1, runway: { fiveHour: lasts, weekly: at(28.8) } });
    expect(late.forecast.at(-1)?.left).toBeCloseTo(30);
    expect(levelOf(known, options).forecast).toEqual([]);
    expect(levelOf(series(), options)).toMatchObject({ past: [], forecast: [] });
  });
});

describe("dayMarks", () => {
  it("names midnights, and no more than can stand side by side", () => {
    const week = dayMarks(NOW - 7 * 24 * HOUR, NOW);
    expect(week).toHaveLength(7);
    expect(week.every((at) => new Date(at).getHours() === 0)).toBe(true);
    expect(dayMarks(NOW - 30 * 24 * HOUR, NOW).length).toBeLessThanOrEqual(8);
  });
});

const series = (...hours: SeriesView["hours"]): SeriesView => ({ hours });

type Reading = readonly [alias: string, requests: number, share: number, weekly?: number | null];

function hour(ago: number, accounts: readonly Reading[]): SeriesView["hours"][number] {
  const requests = accounts.reduce((sum, [, count]) => sum + count, 0);
  const totals = { served: requests, refused: 0, interrupted: 0, moved: 0, interruptionsKept: 0 };
  return {
    at: new Date(NOW - (NOW % HOUR) - ago * HOUR).toISOString(),
    requests,
    ...totals,
    accounts: accounts.map(([alias, count, share, weekly = null]) => ({
      alias,
      requests: count,
      share,
      weekly,
      fiveHour: null,
    })),
  };
}
