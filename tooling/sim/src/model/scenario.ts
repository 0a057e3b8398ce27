import type { Random, Settings } from "@open-multi-auth/domain";
import type { Habits } from "./conversation.ts";
import type { Plan } from "./upstream-account.ts";

/** Something that happens to an account, or to all of them, at an instant counted from the start. */
export type Happening = { readonly at: number } & (
  | { readonly kind: "early-reset"; readonly account: number }
  | { readonly kind: "dies" | "returns"; readonly account: number }
  /** Its owner uses it by hand: that part of its weekly quota goes. */
  | { readonly kind: "used-by-hand"; readonly account: number; readonly share: number }
  /** Every window is used up; that one account's ends `inMs` later. */
  | { readonly kind: "all-used-up"; readonly account: number; readonly inMs: number }
  /** The clock that policies see is off by so much from here on. */
  | { readonly kind: "clock-off"; readonly byMs: number }
  /** From here on, requests meet a plain 429 with that probability. */
  | { readonly kind: "storm"; readonly probability: number }
);

/** How conversations come: `rate` says how much busier than the mean an instant is. */
export interface Arrivals {
  readonly rate?: (at: number) => number;
  readonly mostRate?: number;
  /** So many begin together, within a minute. */
  readonly group?: number;
  /** The part of all turns that starts a sub-agent. */
  readonly subAgents?: number;
  /** The part of conversations that uses the second model. */
  readonly secondModel?: number;
}

/** A pool, what is asked of it, and what befalls it. */
export interface Scenario {
  readonly id: string;
  readonly title: string;
  readonly plans: readonly Plan[];
  /** Where in the week each account's weekly window ends: spread evenly, or all at one instant. */
  readonly resets: "staggered" | "together";
  /** What is asked per week as a part of all weekly quotas, were every cache hit. */
  readonly demand: number;
  readonly habits?: Habits;
  readonly arrivals?: Arrivals;
  readonly happenings?: (at: HappeningsContext) => readonly Happening[];
  /** At most so many requests at once on one account; more meet a plain 429. */
  readonly concurrency?: number;
  /** Answers tell nothing of usage; all that is known comes from a poll so often. */
  readonly pollMs?: number;
  /** Accounts of which nothing is ever told. */
  readonly untold?: readonly number[];
  /** Accounts that do not serve the second model. */
  readonly withoutSecondModel?: readonly number[];
  /** Credits per week and account that the second model has to itself, where its limit is its own. */
  readonly secondModelWeekly?: number;
  /** How long it lasts, with a week of warm-up; six where not given. */
  readonly weeks?: number;
  /** Our settings; the peers have no such thing. */
  readonly settings?: Partial<Settings>;
  /** So many processes of ours share the store; the peers run as one. */
  readonly processes?: number;
  /** Only ours have what is tested. */
  readonly oursOnly?: boolean;
}

export interface HappeningsContext {
  readonly weeks: number;
  readonly random: Random;
}
