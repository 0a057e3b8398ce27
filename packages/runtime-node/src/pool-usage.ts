import type { PoolUsage, PoolWindow } from "@open-multi-auth/gateway";
import {
  accountsOf,
  FIVE_HOUR_MINUTES,
  WEEKLY_MINUTES,
  type Account,
  type EpochMs,
} from "@open-multi-auth/domain";
import { eligibility, windowNow, type Slot, type WindowNow } from "@open-multi-auth/scheduler";
import type { Pool } from "./open-pool.ts";

/** It is told with every answer; nobody sees that it is a second old. */
const FRESH_MS = 1_000;
/** A pool that can serve is never used up, whatever the accounts' figures come to together. */
const MOST_WHILE_SERVING = 99;
const MINUTES = { fiveHour: FIVE_HOUR_MINUTES, weekly: WEEKLY_MINUTES } as const;

/** What all accounts that may be used have left together, as if they were one. */
export function poolUsage(pool: Pick<Pool, "state" | "settings" | "clock">): () => PoolUsage {
  let known: { readonly at: EpochMs; readonly usage: PoolUsage } | undefined;
  return () => {
    const now = pool.clock.now();
    if (known === undefined || Math.abs(now - known.at) >= FRESH_MS)
      known = { at: now, usage: usageAt(pool, now) };
    return known.usage;
  };
}

function usageAt(pool: Pick<Pool, "state" | "settings">, now: EpochMs): PoolUsage {
  const { settings } = pool.settings();
  const members = accountsOf(pool.state()).filter(
    ({ enabled, authInvalid }) => enabled && authInvalid !== true,
  );
  const isAllowed = members.some((account) => eligibility(account, { settings, now }).eligible);
  const fiveHour = together("fiveHour", members, isAllowed, now);
  const weekly = together("weekly", members, isAllowed, now);
  return { isAllowed, ...(fiveHour && { fiveHour }), ...(weekly && { weekly }) };
}

function together(
  slot: Slot,
  accounts: readonly Account[],
  isAllowed: boolean,
  now: EpochMs,
): PoolWindow | undefined {
  const windows = accounts.flatMap((account) => windowNow(account, slot, now) ?? []);
  if (windows.length === 0) return undefined;
  // Where all that is known is used up, those serve of which nothing is known.
  if (isAllowed && windows.every(({ remaining }) => remaining === 0)) return undefined;
  const used = windows.reduce((sum, { remaining }) => sum + 100 - remaining, 0) / windows.length;
  return {
    usedPercent: Math.min(Math.round(used), isAllowed ? MOST_WHILE_SERVING : 100),
    windowMinutes: MINUTES[slot],
    resetAt: firstReset(windows),
  };
}

/** Of those that are used at all; of all, where none is. */
function firstReset(windows: readonly WindowNow[]): EpochMs {
  const used = windows.filter(({ remaining }) => remaining < 100);
  const [first] = (used.length > 0 ? used : windows).map(({ resetAt }) => resetAt).toSorted((a, b) => a - b);
  if (first === undefined) throw new Error("there is no window to tell the reset of");
  return first;
}
