import type { AccountView, SeriesView } from "@open-multi-auth/domain";

const HOUR_MS = 3_600_000;
/** How many hours the shares are of. */
export const SHARE_HOURS = 24;

/** What an account got of the requests of the last hours, and what it was to get. */
export interface ShareRow {
  readonly alias: string;
  /** Requests by the hour, oldest first, the running hour last. */
  readonly hours: readonly number[];
  /** Parts of all requests, 0 to 1. */
  readonly share: number;
  readonly aim: number | undefined;
  /** Why there is no aim: "off", "signed out". */
  readonly why: string | undefined;
}

export interface Shares {
  readonly total: number;
  /** Of all hours and accounts: every row has this scale. */
  readonly most: number;
  readonly rows: readonly ShareRow[];
}

type Account = Pick<AccountView, "alias" | "enabled" | "auth">;

/** The shares of the last hours, the largest first. */
export function shareRows({ hours }: SeriesView, accounts: readonly Account[], now: number): Shares {
  const first = now - (now % HOUR_MS) - (SHARE_HOURS - 1) * HOUR_MS;
  const counts = new Map(accounts.map(({ alias }) => [alias, Array.from({ length: SHARE_HOURS }, () => 0)]));
  const aims = new Map<string, number>();
  let total = 0;
  for (const hour of hours) {
    const index = Math.floor((Date.parse(hour.at) - first) / HOUR_MS);
    if (index < 0 || index >= SHARE_HOURS) continue;
    const served = hour.accounts.reduce((sum, { requests }) => sum + requests, 0);
    total += served;
    for (const { alias, requests, share } of hour.accounts) {
      const row = counts.get(alias);
      if (row) row[index] = requests;
      // An hour of many requests weighs more than one of few.
      aims.set(alias, (aims.get(alias) ?? 0) + (share ?? 0) * served);
    }
  }
  // What those were to get that could not answer fell to the others.
  const due = accounts.filter((account) => whyNone(account) === undefined);
  const sum = due.reduce((all, { alias }) => all + (aims.get(alias) ?? 0), 0);
  const rows = accounts.map((account): ShareRow => {
    const own = counts.get(account.alias) ?? [];
    const served = own.reduce((all, count) => all + count, 0);
    const why = whyNone(account);
    const aim = sum === 0 || why !== undefined ? undefined : (aims.get(account.alias) ?? 0) / sum;
    return { alias: account.alias, hours: own, share: total === 0 ? 0 : served / total, aim, why };
  });
  return {
    total,
    most: Math.max(1, ...rows.flatMap((row) => row.hours)),
    rows: rows.toSorted((a, b) => b.share - a.share),
  };
}

function whyNone({ enabled, auth }: Account): string | undefined {
  if (!enabled) return "off";
  return auth.state === "invalid" ? "signed out" : undefined;
}
