import { fingerprint } from "@open-multi-auth/auth-oauth";
import {
  accountsOf,
  epochMs,
  limitsConfidence,
  type Account,
  type DurationMs,
  type EpochMs,
  type OccasionKind,
  type Settings,
  type StoreV2,
} from "@open-multi-auth/domain";
import { paceOf } from "@open-multi-auth/limits-probe";
import { eligibility, type Eligibility } from "@open-multi-auth/scheduler";
import { exhausted, forecast, nobody, reauth } from "./messages.ts";

/** Something that is so now, and that a person may want to be told of. */
export interface Occasion {
  /** The same for as long as it is the same occasion, in every process. */
  readonly key: string;
  readonly kind: OccasionKind;
  readonly level: "warning" | "error";
  readonly alias?: string;
  readonly message: string;
  /** When it began. */
  readonly since: EpochMs;
  /** When it ends by itself; null where nobody can say. */
  readonly until: EpochMs | null;
  /** Told once until then, even if it stops being so in between, and but once where it has no end. */
  readonly once?: true;
}

/** What is over so soon is not worth a word. */
const WORTH_TELLING_MS: DurationMs = 60_000;

/** Every occasion of a pool at one instant. */
export function occasionsOf(store: StoreV2, settings: Settings, now: EpochMs): Occasion[] {
  const accounts = accountsOf(store).filter(({ enabled }) => enabled);
  const judged = accounts.map((account) => ({ account, ...eligibility(account, { settings, now }) }));
  return [
    ...judged.flatMap((one) =>
      exhaustedOne(
        one,
        now,
        judged.some(({ eligible }) => eligible),
      ),
    ),
    ...accounts.flatMap(deadOne),
    ...allExhausted(judged, now),
    ...judged.flatMap(({ account, eligible }) => (eligible ? runningOut(account, settings, now) : [])),
  ];
}

interface Judged extends Eligibility {
  readonly account: Account;
}

/** Upstream said that its quota is used up. */
function exhaustedOne({ account, reasons }: Judged, now: EpochMs, othersServe: boolean): Occasion[] {
  const { id, alias, quotaRefusedAt, rateLimitedAt = quotaRefusedAt, rateLimitedUntil: until } = account;
  if (quotaRefusedAt === undefined || rateLimitedAt === undefined || until === undefined) return [];
  const isForQuota = rateLimitedAt <= quotaRefusedAt && reasons.includes("cooling-down");
  if (!isForQuota || account.authInvalid === true || until - now < WORTH_TELLING_MS) return [];
  return [
    {
      key: `exhausted:${id}`,
      kind: "account-exhausted",
      level: "warning",
      alias,
      message: exhausted(alias, until - now, othersServe),
      since: quotaRefusedAt,
      until,
    },
  ];
}

/** Each login dies once: the next one is another occasion. */
function deadOne({
  id,
  alias,
  authInvalid,
  authInvalidatedAt = epochMs(0),
  refreshToken,
}: Account): Occasion[] {
  if (authInvalid !== true) return [];
  return [
    {
      key: `reauth:${id}:${fingerprint(refreshToken)}`,
      kind: "reauth-needed",
      level: "warning",
      alias,
      message: reauth(alias),
      since: authInvalidatedAt,
      until: null,
      once: true,
    },
  ];
}

/** No account can serve, nor could one be tried, and none is back at once. */
function allExhausted(judged: readonly Judged[], now: EpochMs): Occasion[] {
  const isStuck = judged.length > 0 && judged.every(({ eligible, spare }) => !eligible && spare !== true);
  if (!isStuck) return [];
  const [first] = judged
    .flatMap(({ account, until }) => (until === undefined ? [] : [{ alias: account.alias, until }]))
    .toSorted((a, b) => a.until - b.until);
  if (first !== undefined && first.until - now < WORTH_TELLING_MS) return [];
  const dead = judged.find(({ account }) => account.authInvalid === true)?.account.alias;
  return [
    {
      key: "all-exhausted",
      kind: "all-exhausted",
      level: "error",
      message: nobody(first && { alias: first.alias, inMs: first.until - now }, dead),
      since: epochMs(Math.max(...judged.map(({ account }) => lastedFrom(account)))),
      until: first?.until ?? null,
    },
  ];
}

const lastedFrom = ({ quotaRefusedAt, authInvalidatedAt, rateLimitedAt }: Account): number =>
  Math.max(quotaRefusedAt ?? 0, authInvalidatedAt ?? 0, rateLimitedAt ?? 0);

const WINDOWS = [
  { slot: "fiveHour", name: "5-hour window" },
  { slot: "weekly", name: "weekly window" },
] as const;

/** It is low, and at its pace it runs out before its reset. Told once per window. */
function runningOut(account: Account, settings: Settings, now: EpochMs): Occasion[] {
  if (limitsConfidence(account, now) !== "fresh") return [];
  return WINDOWS.flatMap(({ slot, name }): Occasion[] => {
    const window = account.rateLimits?.[slot];
    if (window === undefined || window.resetAt === null || window.remaining >= settings.lowThreshold)
      return [];
    const runsOutAt = paceOf(window, now)?.runsOutAt ?? null;
    if (runsOutAt === null) return [];
    return [
      {
        key: `running-out:${account.id}:${slot}`,
        kind: "will-run-out",
        level: "warning",
        alias: account.alias,
        message: forecast(account.alias, name, Math.max(0, runsOutAt - now), window.resetAt - now),
        since: window.updatedAt,
        until: window.resetAt,
        once: true,
      },
    ];
  });
}
