import type { Random } from "@open-multi-auth/domain";
import type { Conversation } from "../model/conversation.ts";
import type { Scenario } from "../model/scenario.ts";
import { MINUTE, SECOND } from "../model/time.ts";
import type { Plan, Reading, Refusal, ToldWindow } from "../model/upstream-account.ts";
import type { Policy } from "./policy.ts";

/** What a peer knows of an account. Changed in place. */
export interface PeerAccount {
  readonly index: number;
  readonly plan: Plan;
  reading: Reading | undefined;
  blockedUntil: number;
  lastChosenAt: number;
  refusalsInRow: number;
  /** Conversations that were placed here last, and when each was last served. */
  readonly guests: Map<string, number>;
}

/** All that a rule may look at. */
export interface PeerPool {
  readonly accounts: readonly PeerAccount[];
  readonly now: number;
  readonly random: Random;
}

/** What distinguishes the peers: where a conversation stays, where it goes, and how long a refusal counts. */
export interface PeerRule {
  /** How long a binding outlives its last use; 0: no affinity. */
  readonly affinityMs: number;
  /** Whether the bound account, which is not blocked, keeps its conversation. */
  stays?(bound: PeerAccount, pool: PeerPool): boolean;
  /** Among accounts that are not blocked, at least one. */
  choose(free: readonly PeerAccount[], pool: PeerPool): PeerAccount;
  /** How long a used-up quota blocks; until its reset where not given. */
  quotaRestMs?(account: PeerAccount, untilReset: number): number;
}

const BUSY_REST_MS = 5 * SECOND;
/** So many busy accounts are tried for one request, by codex-lb as by us. */
const MOST_BUSY = 3;
const DEAD_REST_MS = 30 * MINUTE;

export function createPeer(rule: PeerRule, scenario: Scenario, random: Random): Policy {
  const accounts = scenario.plans.map((plan, index): PeerAccount => ({
    index,
    plan,
    reading: undefined,
    blockedUntil: 0,
    lastChosenAt: 0,
    refusalsInRow: 0,
    guests: new Map(),
  }));
  const bindings = new Map<string, { account: PeerAccount; at: number }>();
  const modelRest = new Map<number, number>();
  let busy = 0;

  return {
    next(conversation, tried, now) {
      if (tried.length === 0) busy = 0;
      if (busy >= MOST_BUSY) return undefined;
      const pool = { accounts, now, random };
      const bound = boundTo(conversation, now);
      const free = accounts.filter(
        (account) =>
          account.blockedUntil <= now &&
          !tried.includes(account.index) &&
          (conversation.model === "first" || (modelRest.get(account.index) ?? 0) <= now),
      );
      if (free.length === 0) return undefined;
      if (bound && free.includes(bound) && (rule.stays?.(bound, pool) ?? true)) return bound.index;
      return rule.choose(free, pool).index;
    },
    begun(conversation, index, now) {
      const account = at(index);
      account.lastChosenAt = now;
      const before = bindings.get(conversation.id)?.account;
      if (before !== account) before?.guests.delete(conversation.id);
      account.guests.set(conversation.id, now);
      bindings.set(conversation.id, { account, at: now });
    },
    served(_conversation, index, { reading }) {
      const account = at(index);
      account.refusalsInRow = 0;
      if (reading) account.reading = reading;
    },
    refused(_conversation, index, refusal, now) {
      const account = at(index);
      account.refusalsInRow += 1;
      if (refusal.kind === "busy") busy += 1;
      if (refusal.kind === "model") modelRest.set(index, now + DEAD_REST_MS);
      else account.blockedUntil = now + restMs(account, refusal, now);
    },
    polled(index, reading) {
      at(index).reading = reading;
    },
    ended({ id }) {
      bindings.get(id)?.account.guests.delete(id);
      bindings.delete(id);
    },
  };

  function at(index: number): PeerAccount {
    const account = accounts[index];
    if (!account) throw new Error(`no account ${index}`);
    return account;
  }

  function boundTo({ id, parentId }: Conversation, now: number): PeerAccount | undefined {
    const binding = bindings.get(id) ?? bindings.get(parentId ?? id);
    return binding && now - binding.at < rule.affinityMs ? binding.account : undefined;
  }

  function restMs(account: PeerAccount, refusal: Refusal, now: number): number {
    if (refusal.kind === "busy") return BUSY_REST_MS;
    if (refusal.kind !== "quota") return DEAD_REST_MS;
    const untilReset = Math.max(0, refusal.resetsAt - now);
    return rule.quotaRestMs?.(account, untilReset) ?? untilReset;
  }
}

/** The percent of the five-hour window that is used, as last told; 0 where it has ended, or nothing is known. */
export const fiveHourUsed = ({ reading }: PeerAccount, now: number): number => used(reading?.fiveHour, now);

export const weeklyUsed = ({ reading }: PeerAccount, now: number): number => used(reading?.weekly, now);

function used(window: ToldWindow | undefined, now: number): number {
  return window && window.resetsAt > now ? window.usedPercent : 0;
}

/** How long to the weekly reset; a whole week where that is not known. */
export function untilWeeklyReset({ reading }: PeerAccount, now: number, unknown: number): number {
  if (!reading) return unknown;
  return reading.weekly.resetsAt > now ? reading.weekly.resetsAt - now : unknown;
}

/** The account with the smallest key; keys are compared place by place, and the earlier account wins a tie. */
export function least(
  accounts: readonly PeerAccount[],
  keyOf: (account: PeerAccount) => readonly number[],
): PeerAccount {
  let [best] = accounts;
  if (!best) throw new Error("no account to choose from");
  let bestKey = keyOf(best);
  for (const account of accounts) {
    const key = keyOf(account);
    if (isLess(key, bestKey)) [best, bestKey] = [account, key];
  }
  return best;
}

function isLess(a: readonly number[], b: readonly number[]): boolean {
  for (const [place, value] of a.entries()) {
    const other = b[place] ?? 0;
    if (value !== other) return value < other;
  }
  return false;
}
