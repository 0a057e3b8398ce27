import { HOUR, WEEK } from "./time.ts";

const FIVE_HOURS = 5 * HOUR;

/** What a plan pays for, in credits; `fiveHour` is infinite where a plan has no such window. */
export interface Plan {
  readonly name: string;
  readonly fiveHour: number;
  readonly weekly: number;
}

/** The truth about an account, which only upstream knows. Changed in place. */
export interface UpstreamAccount {
  readonly plan: Plan;
  usedFiveHour: number;
  /** The window starts with the first request after the last one ended. */
  fiveHourEndsAt: number;
  usedWeek: number;
  weekEndsAt: number;
  /** What a week of the second model holds, where that has a limit of its own and costs nothing of the others. */
  readonly secondWeekly: number | undefined;
  usedSecond: number;
  inFlight: number;
  /** Whether it is there at all: `false` while its credential is dead. */
  alive: boolean;
}

/** A window as upstream tells it: whole percent. */
export interface ToldWindow {
  readonly usedPercent: number;
  readonly resetsAt: number;
}

/** What an answer's headers, or a usage poll, tell. */
export interface Reading {
  readonly fiveHour?: ToldWindow;
  readonly weekly: ToldWindow;
}

/** Why upstream did not answer. */
export type Refusal =
  | { readonly kind: "quota"; readonly resetsAt: number }
  | { readonly kind: "busy" }
  | { readonly kind: "dead" }
  | { readonly kind: "model" };

export function openAccount(plan: Plan, weekEndsAt: number, secondWeekly?: number): UpstreamAccount {
  const windows = { usedFiveHour: 0, fiveHourEndsAt: 0, usedWeek: 0, weekEndsAt, usedSecond: 0 };
  return { plan, ...windows, secondWeekly, inFlight: 0, alive: true };
}

/** A request, as far as windows care. */
export interface Asked {
  readonly model: string;
  readonly now: number;
}

/** Whether requests for the model are counted by a limit of its own. */
const hasOwnLimit = ({ secondWeekly }: UpstreamAccount, model: string): boolean =>
  model === "second" && secondWeekly !== undefined;

/** Why the account would refuse a request now, without its asking. */
export function quotaRefusal(
  account: UpstreamAccount,
  { model, now }: Asked,
): (Refusal & { kind: "quota" }) | undefined {
  roll(account, now);
  const { plan, secondWeekly = Infinity } = account;
  if (hasOwnLimit(account, model))
    return account.usedSecond >= secondWeekly ? { kind: "quota", resetsAt: account.weekEndsAt } : undefined;
  let resetsAt = 0;
  if (account.usedFiveHour >= plan.fiveHour) resetsAt = account.fiveHourEndsAt;
  if (account.usedWeek >= plan.weekly) resetsAt = Math.max(resetsAt, account.weekEndsAt);
  return resetsAt > 0 ? { kind: "quota", resetsAt } : undefined;
}

/** Takes the price of an answer; whoever has begun is served to the end. */
export function charge(account: UpstreamAccount, credits: number, asked: Asked): void {
  startWindow(account, asked);
  if (hasOwnLimit(account, asked.model)) {
    account.usedSecond += credits;
    return;
  }
  account.usedFiveHour += credits;
  account.usedWeek += credits;
}

/** A request begins the five-hour window where none runs. */
export function startWindow(account: UpstreamAccount, { model, now }: Asked): void {
  roll(account, now);
  if (!hasOwnLimit(account, model) && account.fiveHourEndsAt <= now)
    account.fiveHourEndsAt = now + FIVE_HOURS;
}

/** Upstream resets the account before its time: a new cycle begins now. */
export function resetEarly(account: UpstreamAccount, now: number): void {
  account.usedFiveHour = 0;
  account.fiveHourEndsAt = 0;
  account.usedWeek = 0;
  account.usedSecond = 0;
  account.weekEndsAt = now + WEEK;
}

/** What upstream tells of the account's windows. */
export function read(account: UpstreamAccount, now: number): Reading {
  roll(account, now);
  const { plan } = account;
  const weekly = { usedPercent: percent(account.usedWeek, plan.weekly), resetsAt: account.weekEndsAt };
  if (plan.fiveHour === Infinity) return { weekly };
  const resetsAt = account.fiveHourEndsAt > now ? account.fiveHourEndsAt : now + FIVE_HOURS;
  return { weekly, fiveHour: { usedPercent: percent(account.usedFiveHour, plan.fiveHour), resetsAt } };
}

function percent(used: number, of: number): number {
  return Math.min(100, Math.floor((100 * used) / of));
}

function roll(account: UpstreamAccount, now: number): void {
  if (account.fiveHourEndsAt <= now) account.usedFiveHour = 0;
  if (account.weekEndsAt > now) return;
  account.usedWeek = 0;
  account.usedSecond = 0;
  account.weekEndsAt += WEEK * (1 + Math.floor((now - account.weekEndsAt) / WEEK));
}
