import {
  after,
  type Account,
  type DurationMs,
  type EpochMs,
  type Health,
  type Random,
  type Settings,
} from "@open-multi-auth/domain";

/** The rest after a first failure; one passing error says little about the account. */
const BRIEF_REST_MS = 2_000;
/** Brief rests stay below this part of the rest of an account that is down. */
const BRIEF_SHARE = 1 / 4;

/** The state of an account's health at `now`: once the rest of a `down` account is over, a trial may show. */
export function healthState({ health, rateLimitedUntil }: Account, now: EpochMs): Health["state"] {
  const rested = !isAhead(rateLimitedUntil, now) && !isAhead(health.rest?.until, now);
  return health.state === "down" && rested ? "half-open" : health.state;
}

/** Health with the rest that follows a failure: brief before `downAfter` failures, `restMinMs` to `restMaxMs` from there. */
export function withRest(health: Health, settings: Settings["health"], now: EpochMs, random: Random): Health {
  const ms = (health.state === "down" ? downRest : briefRest)(health.failures, settings, random.next());
  return { ...health, rest: { from: now, until: after(now, ms) } };
}

/** Exponential in the failures in a row, with jitter over the upper half. */
function briefRest(failures: number, { restMinMs }: Settings["health"], draw: number): DurationMs {
  const ceiling = Math.min(restMinMs * BRIEF_SHARE, BRIEF_REST_MS * 2 ** Math.min(failures - 1, 30));
  return Math.round((ceiling * (1 + draw)) / 2);
}

/** Exponential in the failures in a row, with full jitter between the bounds. */
function downRest(failures: number, { restMinMs, restMaxMs }: Settings["health"], draw: number): DurationMs {
  const ceiling = Math.min(restMaxMs, restMinMs * 2 ** Math.min(failures, 30));
  return Math.min(restMaxMs, Math.round(restMinMs + draw * (ceiling - restMinMs)));
}

/** One more failure in a row: down after `downAfter` of them, and at once when a trial fails. */
export function afterFailure(account: Account, { downAfter }: Settings["health"], now: EpochMs): Health {
  const failures = account.health.failures + 1;
  const onTrial = healthState(account, now) === "half-open";
  const state = onTrial || failures >= downAfter ? "down" : "degraded";
  const since = state === account.health.state && !onTrial ? account.health.since : now;
  return { ...account.health, state, failures, successes: 0, since };
}

/** One more success: it ends a row of failures; an account that was down needs `upAfter` of them. */
export function afterSuccess(
  account: Account,
  { upAfter }: Settings["health"],
  at: { startedAt: EpochMs; now: EpochMs },
): Health {
  if (account.health.state === "healthy") return account.health;
  const wasDown = account.health.state !== "degraded";
  // An answer that began before the last failure says nothing about the account since.
  if (at.startedAt < (account.health.rest?.from ?? (wasDown ? account.health.since : 0)))
    return account.health;
  const { rest: _over, ...health } = account.health;
  const successes = health.successes + 1;
  if (wasDown && successes < upAfter) {
    const since = health.state === "half-open" ? health.since : at.now;
    return { ...health, state: "half-open", successes, since };
  }
  return { ...health, state: "healthy", failures: 0, successes: 0, since: at.now };
}

function isAhead(at: EpochMs | undefined, now: EpochMs): boolean {
  return at !== undefined && at > now;
}
