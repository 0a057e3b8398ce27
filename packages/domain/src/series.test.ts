import { describe, expect, it } from "vitest";
import { newAccount, type Account } from "./account.ts";
import { decisionRecordSchema, type DecisionRecord } from "./decision-record.ts";
import { accountId, parseAlias } from "./ids.ts";
import { countInSeries, emptySeries, readIntoSeries, seriesSchema, type Series } from "./series.ts";
import { seriesView } from "./series-view.ts";
import { after, epochMs, type EpochMs } from "./time.ts";

const HOUR = 3_600_000;
const NOON = epochMs(1_795_262_400_000);

describe("countInSeries", () => {
  it("counts each record in its hour, and for the account that answered", () => {
    const series = count(emptySeries(), [
      record(NOON, { attempts: [attempt("a", "quota"), attempt("b", "served")], selectedAlias: "b" }),
      record(after(NOON, HOUR - 1), { selectedAlias: "a" }),
      record(after(NOON, HOUR), { outcome: "refused", selectedAlias: null, attempts: [] }),
    ]);
    const { hours } = view(series, after(NOON, HOUR));
    expect(hours).toMatchObject([
      { at: "2026-11-21T12:00:00.000Z", requests: 2, served: 2, moved: 1, interruptionsKept: 1, refused: 0 },
      { at: "2026-11-21T13:00:00.000Z", requests: 1, served: 0, refused: 1, accounts: [] },
    ]);
    expect(hours[0]?.accounts).toEqual([
      { alias: "a", requests: 1, fiveHour: null, weekly: null, share: null },
      { alias: "b", requests: 1, fiveHour: null, weekly: null, share: null },
    ]);
    expect(seriesSchema.safeParse(JSON.parse(JSON.stringify(series))).data).toEqual(series);
  });

  it("leaves out what a wrong clock put into the future, and what is older than 30 days", () => {
    const series = count(emptySeries(), [
      record(after(NOON, 100 * HOUR), {}),
      record(after(NOON, -31 * 24 * HOUR), {}),
      record(NOON, {}),
    ]);
    expect(series.hours).toHaveLength(1);
  });
});

describe("readIntoSeries", () => {
  it("keeps the last reading of each hour, and comes out the same when it reads them again", () => {
    const read = account("a", [
      { at: NOON, source: "usage-endpoint", fiveHour: { remaining: 90, resetAt: null } },
      {
        at: after(NOON, 60_000),
        source: "usage-endpoint",
        fiveHour: { remaining: 80, resetAt: null },
        weekly: { remaining: 55, resetAt: null },
      },
      { at: after(NOON, HOUR), source: "usage-endpoint", fiveHour: { remaining: 70, resetAt: null } },
    ]);
    const now = after(NOON, HOUR + 60_000);
    const readings = { accounts: [read], shares: { [read.id]: 0.25 }, now };
    const once = readIntoSeries(emptySeries(), readings);
    expect(seriesView(once, [read], { now }).hours.flatMap(({ accounts }) => accounts)).toEqual([
      { alias: "a", requests: 0, fiveHour: 80, weekly: 55, share: null },
      { alias: "a", requests: 0, fiveHour: 70, weekly: null, share: 0.25 },
    ]);
    expect(readIntoSeries(once, readings)).toEqual(once);
  });

  it("is bounded: 30 days, and less where there are very many accounts", () => {
    let series = emptySeries();
    const accounts = Array.from({ length: 200 }, (_, index) => account(`a${index}`));
    const shares = Object.fromEntries(accounts.map(({ id }) => [id, 1 / 200]));
    for (let hour = 0; hour < 800; hour += 1)
      series = readIntoSeries(series, { accounts: [], shares, now: after(NOON, hour * HOUR) });
    expect(series.hours).toHaveLength(90_000 / 200);
    expect(series.hours.at(-1)?.at).toBe(after(NOON, 799 * HOUR));
    for (let hour = 0; hour < 800; hour += 1)
      series = count(series, [record(after(NOON, hour * HOUR), {})], after(NOON, (hour + 800) * HOUR));
    expect(series.hours.length).toBeLessThanOrEqual(720);
  });
});

describe("seriesView", () => {
  it("goes by the names that accounts have now, and as far back as asked", () => {
    const hours = [0, 24, 48].map((ago) => record(after(NOON, -ago * HOUR), {}));
    const series = count(emptySeries(), hours);
    const renamed = { ...account("a"), alias: parseAlias("work")._unsafeUnwrap() };
    const shown = seriesView(series, [renamed], { days: 1, now: NOON });
    expect(shown.hours.map(({ at }) => at)).toEqual(["2026-11-20T12:00:00.000Z", "2026-11-21T12:00:00.000Z"]);
    expect(shown.hours[0]?.accounts).toMatchObject([{ alias: "work", requests: 1 }]);
  });
});

const count = (series: Series, records: readonly DecisionRecord[], now = after(NOON, 2 * HOUR)): Series =>
  countInSeries(series, records, { accounts: [account("a"), account("b")], now });

const view = (series: Series, now: EpochMs) => seriesView(series, [account("a"), account("b")], { now });

const attempt = (alias: string, verdict: DecisionRecord["attempts"][0]["verdict"]) => ({
  alias,
  verdict,
  ms: 10,
});

function account(name: string, rateLimitHistory: Account["rateLimitHistory"] = []): Account {
  const login = { accessToken: "a", refreshToken: "r", expiresAt: NOON, source: "codex" as const };
  const made = newAccount(accountId(`id-${name}`), parseAlias(name)._unsafeUnwrap(), login, NOON);
  return { ...made, rateLimitHistory };
}

function record(at: EpochMs, over: Partial<DecisionRecord>): DecisionRecord {
  return decisionRecordSchema.parse({
    requestId: "r",
    at,
    strategy: "round-robin",
    selectedAlias: "a",
    why: "strategy",
    fallbackReason: null,
    forceState: { active: false },
    enabledState: { enabled: 2, disabled: 0 },
    candidates: [],
    attempts: [attempt("a", "served")],
    outcome: "served",
    firstByteMs: 10,
    totalMs: 20,
    replay: { now: at },
    ...over,
  });
}
