import { isDeepStrictEqual } from "node:util";
import type { Account, StoreV2 } from "@open-multi-auth/domain";
import { packedHistoryOf } from "../stored-account.ts";

/**
 * Whether two states differ in more than statistics: in what must survive the loss of `store.json`
 * (credentials, membership, enabled, cooldowns, health, limits, force, settings).
 */
export function differDurably(before: StoreV2, after: StoreV2): boolean {
  if (before === after) return false;
  const { accounts: accountsBefore, rotation: _r1, affinity: _a1, ...restBefore } = before;
  const { accounts: accountsAfter, rotation: _r2, affinity: _a2, ...restAfter } = after;
  return !isDeepStrictEqual(restBefore, restAfter) || accountsDiffer(accountsBefore, accountsAfter);
}

type Accounts = Readonly<Record<string, Account>>;

function accountsDiffer(before: Accounts, after: Accounts): boolean {
  if (before === after) return false;
  const old = new Map(Object.entries(before));
  const entries = Object.entries(after);
  if (entries.length !== old.size) return true;
  return entries.some(([alias, account]) => accountDiffers(old.get(alias), account));
}

function accountDiffers(before: Account | undefined, after: Account): boolean {
  if (before === undefined) return true;
  if (before === after) return false;
  return historyDiffers(before, after) || !isDeepStrictEqual(durablePart(before), durablePart(after));
}

/** Compared in short where that can be: then neither has to be unpacked. */
function historyDiffers(before: Account, after: Account): boolean {
  const packed = packedHistoryOf(after);
  if (packed !== undefined) return packed !== packedHistoryOf(before);
  return !isDeepStrictEqual(before.rateLimitHistory, after.rateLimitHistory);
}

const APART = new Set(["usageCount", "lastUsed", "observed", "rateLimitHistory"]);

const durablePart = (account: Account): ReadonlyMap<string, unknown> =>
  new Map(
    Object.keys(account)
      .filter((name) => !APART.has(name))
      .map((name) => [name, account[name]]),
  );
