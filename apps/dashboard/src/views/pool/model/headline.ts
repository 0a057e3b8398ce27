import type { AccountView } from "@open-multi-auth/domain";
import type { StateView } from "@open-multi-auth/loopback-api/client";
import { confidenceAt } from "./confidence.ts";
import { poolGaps, type Span } from "./forecast.ts";
import { isUsable } from "./sign-in.ts";

/** Further ahead no pace of today says anything that a person would plan by. */
export const HORIZON_MS = 7 * 86_400_000;

/** The answer to "can I keep working, and for how long". */
export type Answer =
  | { readonly kind: "lasts" }
  /** Until `at`; then nothing before `backAt`, when `resets` is full again. */
  | { readonly kind: "until"; readonly at: number; readonly back: Back | undefined }
  /** Nothing can serve now. */
  | { readonly kind: "nothing"; readonly back: Back | undefined }
  /** Accounts are there; what is left of them is not known. */
  | { readonly kind: "unknown" };

/** When requests are answered again, and by whom. */
export interface Back {
  readonly at: number;
  readonly alias: string;
}

/** The answer, with the spans in which no account can serve. */
export interface Headline {
  readonly answer: Answer;
  readonly gaps: readonly Span[];
}

/** Draws the server's runway on: what comes after it ends. */
export function headlineOf(state: StateView, now: number): Headline {
  const { accounts, runway } = state;
  if (!accounts.some((account) => canServe(account, now))) {
    const back = backs(accounts, now)[0];
    return { answer: { kind: "nothing", back }, gaps: [{ from: now, to: back?.at ?? now + HORIZON_MS }] };
  }
  const kinds = [runway.fiveHour, runway.weekly];
  const ends = kinds.flatMap((one) => (one.kind === "runs-out" ? Date.parse(one.at) : []));
  if (ends.length > 0) return untilOf(accounts, Math.max(now, Math.min(...ends)), now);
  return { answer: { kind: kinds.some(({ kind }) => kind === "lasts") ? "lasts" : "unknown" }, gaps: [] };
}

function untilOf(accounts: readonly AccountView[], at: number, now: number): Headline {
  const [gap, ...later] = poolGaps(accounts, now, now + HORIZON_MS).filter(({ to }) => to > at);
  if (!gap) return { answer: { kind: "until", at, back: undefined }, gaps: [] };
  // The server's instant is to the minute; what is drawn begins where the headline says.
  return {
    answer: { kind: "until", at, back: { at: gap.to, alias: gap.alias } },
    gaps: [{ from: at, to: gap.to }, ...later],
  };
}

/** By the clock, whatever the server has told last: a rest ends by itself. */
export function canServe(account: AccountView, now: number): boolean {
  const { eligible, at } = account.eligibility;
  return isUsable(account) && (eligible || (at !== undefined && Date.parse(at) <= now));
}

/** When each account that rests is back, the soonest first. */
export function backs(accounts: readonly AccountView[], now: number): Back[] {
  return accounts
    .filter((account) => isUsable(account))
    .flatMap(({ alias, eligibility: { at } }) => (at === undefined ? [] : [{ alias, at: Date.parse(at) }]))
    .filter(({ at }) => at > now)
    .toSorted((a, b) => a.at - b.at);
}

/** When each window of an account is empty at its pace. */
export const endsOf = ({ pace }: AccountView, now: number): number[] =>
  [pace?.fiveHour, pace?.weekly]
    .map((window) => Date.parse(window?.runsOutAt ?? ""))
    .filter((at) => at > now);

/** The account that is empty first, of those that can serve. */
export function emptiesFirst(accounts: readonly AccountView[], now: number): Back | undefined {
  return accounts
    .filter((account) => canServe(account, now) && confidenceAt(account, now) !== "unknown")
    .flatMap((account) => endsOf(account, now).map((at) => ({ alias: account.alias, at })))
    .toSorted((a, b) => a.at - b.at)[0];
}

/** The week that loses most at its reset, where that comes within two days. */
export function willBeLost(
  accounts: readonly AccountView[],
  now: number,
): (Back & { readonly percent: number }) | undefined {
  return accounts
    .filter((account) => isUsable(account))
    .flatMap(({ alias, limits, pace }) => {
      const at = Date.parse(limits?.weekly?.resetAt ?? "");
      const lost = Math.round(pace?.weekly?.waste ?? 0);
      return lost >= 5 && at > now && at < now + 2 * 86_400_000 ? [{ alias, at, percent: lost }] : [];
    })
    .toSorted((a, b) => b.percent - a.percent)[0];
}
