import type { AccountView } from "@open-multi-auth/domain";
import { confidenceAt } from "./confidence.ts";
import { without, type Span } from "./forecast.ts";

/** One account on the axis of resets. */
export interface Lane {
  readonly alias: string;
  /** Why nothing is drawn, or nothing but waiting. */
  readonly note?: string;
  readonly spans: readonly (Span & { readonly kind: "can" | "later" | "hold" })[];
  readonly weeklyAt?: number;
  readonly hoursAt?: number;
  /** Percent of the week that its reset throws away at this pace. */
  readonly lost?: number;
}

/** What each account can do up to the horizon, at its own pace and the pool's. */
export function laneOf(account: AccountView, now: number, horizon: number, gaps: readonly Span[]): Lane {
  const { alias, enabled, auth } = account;
  if (!enabled) return { alias, note: "off", spans: [] };
  if (confidenceAt(account, now) === "unknown" && auth.state !== "invalid") {
    return { alias, note: "unknown, no reading yet", spans: [] };
  }
  const resets = resetsOf(account, now);
  const { weeklyAt = horizon } = resets;
  if (auth.state === "invalid") {
    const { weeklyAt: at } = resets;
    const spans = [{ from: now, to: horizon, kind: "hold" as const }];
    return { alias, note: "signed out", spans, ...(at !== undefined && { weeklyAt: at }) };
  }
  const backAt = backAtOf(account, now);
  const emptyAt = Math.max(backAt, Math.min(weeklyAt, emptyAtOf(account, now)));
  const hold = without({ from: now, to: horizon }, [
    { from: backAt, to: emptyAt },
    ...(backAt < weeklyAt || emptyAt <= weeklyAt ? [{ from: weeklyAt, to: horizon }] : []),
  ]);
  return {
    alias,
    ...resets,
    ...lostOf(account),
    spans: [
      ...without({ from: backAt, to: emptyAt }, gaps).map((span) => ({ ...span, kind: "can" as const })),
      ...without({ from: Math.max(weeklyAt, backAt), to: horizon }, gaps).map((span) => ({
        ...span,
        kind: "later" as const,
      })),
      ...hold.map((span) => ({ ...span, kind: "hold" as const })),
    ].filter(({ from, to }) => to > from && from < horizon),
  };
}

function resetsOf({ limits }: AccountView, now: number): Pick<Lane, "weeklyAt" | "hoursAt"> {
  const weeklyAt = future(limits?.weekly?.resetAt, now);
  const hoursAt = future(limits?.fiveHour?.resetAt, now);
  return { ...(weeklyAt !== undefined && { weeklyAt }), ...(hoursAt !== undefined && { hoursAt }) };
}

/** When an account that rests, or has used up its five hours, can serve again; now for any other. */
function backAtOf({ eligibility, limits }: AccountView, now: number): number {
  if (eligibility.eligible) {
    const hours = limits?.fiveHour;
    return (hours && hours.remaining <= 0 && future(hours.resetAt, now)) || now;
  }
  return future(eligibility.at, now) ?? future(limits?.weekly?.resetAt, now) ?? now;
}

function emptyAtOf({ limits, pace }: AccountView, now: number): number {
  if (limits?.weekly && limits.weekly.remaining <= 0) return now;
  const runsOutAt = pace?.weekly?.runsOutAt;
  return runsOutAt ? Date.parse(runsOutAt) : Infinity;
}

function lostOf({ pace }: AccountView): Pick<Lane, "lost"> {
  const lost = Math.round(pace?.weekly?.waste ?? 0);
  return lost > 0 ? { lost } : {};
}

function future(iso: string | null | undefined, now: number): number | undefined {
  const at = iso === null || iso === undefined ? Number.NaN : Date.parse(iso);
  return at > now ? at : undefined;
}
