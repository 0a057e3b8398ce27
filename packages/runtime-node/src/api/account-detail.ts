import {
  accountsOf,
  epochMs,
  toIso,
  type AccountView,
  type EpochMs,
  type StoreV2,
} from "@open-multi-auth/domain";
import type { AccountDetail } from "@open-multi-auth/loopback-api";

/** An account with the history of its limits; undefined where there is none of this name. */
export function accountDetail(
  store: StoreV2,
  views: readonly AccountView[],
  alias: string,
): AccountDetail | undefined {
  const account = accountsOf(store).find((one) => one.alias === alias);
  const view = views.find((one) => one.alias === alias);
  if (!account || !view) return undefined;
  return {
    account: view,
    addedAt: isoOf(account.addedAt),
    source: account.source,
    sharedWith: (account.sharedWith ?? []).map(({ kind, path }) => ({ kind, path })),
    history: account.rateLimitHistory.map(({ at, source, fiveHour, weekly }) => ({
      at: isoOf(at),
      source,
      ...(fiveHour && { fiveHour: pointOf(fiveHour) }),
      ...(weekly && { weekly: pointOf(weekly) }),
    })),
  };
}

const pointOf = ({ remaining, resetAt }: { remaining: number; resetAt: EpochMs | null }) => ({
  remaining,
  resetAt: resetAt === null ? null : isoOf(resetAt),
});

const isoOf = (at: EpochMs): string => toIso(at) ?? toIso(epochMs(0)) ?? "";
