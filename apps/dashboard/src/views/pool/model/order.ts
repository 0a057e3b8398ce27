import type { AccountView } from "@open-multi-auth/domain";
import type { StateView } from "@open-multi-auth/loopback-api/client";
import { confidenceAt } from "./confidence.ts";
import { statusOf } from "./status.ts";

/** The orders of the list, and their words. */
export const ORDERS = [
  ["next", "next first"],
  ["alias", "alias"],
  ["fiveHour", "most 5-hour left"],
  ["weekly", "most weekly left"],
  ["reset", "resets soonest"],
  ["token", "token ends soonest"],
  ["reading", "oldest reading"],
] as const;
export type Order = (typeof ORDERS)[number][0];

/** What narrows the list. */
export interface Filter {
  readonly search: string;
  /** A tag, or undefined for all. */
  readonly tag: string | undefined;
  /** The word of a status, or undefined for all. */
  readonly status: string | undefined;
  readonly order: Order;
}

export const NO_FILTER: Filter = { search: "", tag: undefined, status: undefined, order: "next" };

const RANKS = ["forced", "next", "use", "ready", "low", "crit", "rest", "trial", "signin", "off"];

/** The accounts that a filter leaves, in its order; equals stay in the order of linking. */
export function filtered(state: StateView, filter: Filter, now: number): AccountView[] {
  const search = filter.search.trim().toLowerCase();
  const matches = (account: AccountView): boolean =>
    (filter.tag === undefined || account.tags.includes(filter.tag)) &&
    (filter.status === undefined || statusOf(account, state, now).word === filter.status) &&
    [account.alias, account.email ?? "", account.planType ?? "", account.notes ?? "", ...account.tags].some(
      (text) => text.toLowerCase().includes(search),
    );
  const found = state.accounts.filter((account) => matches(account));
  return found
    .map((account) => ({ account, key: keyOf(account, filter.order, state, now) }))
    .toSorted((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0))
    .map(({ account }) => account);
}

function keyOf(account: AccountView, order: Order, state: StateView, now: number): string | number {
  switch (order) {
    case "alias":
      return account.alias.toLowerCase();
    case "fiveHour":
    case "weekly": {
      const known = confidenceAt(account, now) === "unknown" ? undefined : account.limits?.[order];
      return -(known?.remaining ?? -1);
    }
    case "reset":
      return instant(account.limits?.weekly?.resetAt ?? undefined);
    case "token":
      return account.auth.state === "invalid" ? 0 : instant(account.auth.expiresAt);
    case "reading":
      return account.lastLimitProbeAt === undefined ? 0 : instant(account.lastLimitProbeAt);
    case "next":
      return RANKS.indexOf(statusOf(account, state, now).kind);
    default:
      return order satisfies never;
  }
}

const instant = (iso: string | undefined): number => (iso === undefined ? Infinity : Date.parse(iso));
