import { after, type Account, type EpochMs } from "@open-multi-auth/domain";
import { healthState } from "./health.ts";

/** Refusals teach nothing new for so long before an account is trusted with a little more. */
const QUIET_MS = 30 * 60_000;
/** What each answer after that adds. */
const GROWTH = 0.02;
/** No account is known to take more at a time: a cap beyond this is none. */
const MOST = 16;

/**
 * How many requests at a time an account takes: one while it is on trial, else what refused bursts have taught.
 *
 * That is a guess, and to move is dear: from a conversation that lives there (`isHome`) an account takes any number.
 */
export function capacityOf(account: Account, now: EpochMs, isHome: boolean): number {
  const { health, concurrency } = account;
  const isTrial = health.state !== "healthy" && healthState(account, now) === "half-open";
  if (isTrial) return 1;
  return isHome || concurrency === undefined ? Infinity : Math.floor(concurrency.cap);
}

/** The account after upstream refused a request as too many, `inFlight` being under way with it. */
export function afterBurst(account: Account, inFlight: number | undefined, now: EpochMs): Account {
  // One alone was refused for its rate, not for its company.
  if (inFlight === undefined || inFlight < 2) return account;
  const cap = Math.min(inFlight - 1, account.concurrency?.cap ?? Infinity);
  return { ...account, concurrency: { cap, refusedAt: now } };
}

/** The account after it took a request: long after the last refusal it is trusted with a little more. */
export function afterTaken(account: Account, now: EpochMs): Account {
  // Nearly every answer: nothing is copied for it.
  if (account.concurrency === undefined || now < after(account.concurrency.refusedAt, QUIET_MS))
    return account;
  const { concurrency, ...rest } = account;
  const cap = concurrency.cap + GROWTH;
  return cap > MOST ? rest : { ...rest, concurrency: { ...concurrency, cap } };
}
