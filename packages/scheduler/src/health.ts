import type { Account, EpochMs, Health, Settings } from "@open-multi-auth/domain";

/** The state of an account's health at `now`: once the rest of a `down` account is over, a trial may show. */
export function healthState({ health, rateLimitedUntil }: Account, now: EpochMs): Health["state"] {
  const rested = rateLimitedUntil === undefined || rateLimitedUntil <= now;
  return health.state === "down" && rested ? "half-open" : health.state;
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
  { health }: Account,
  { upAfter }: Settings["health"],
  at: { startedAt: EpochMs; now: EpochMs },
): Health {
  if (health.state === "healthy") return health;
  const wasDown = health.state !== "degraded";
  // An answer that began before the account went down says nothing about it since.
  if (wasDown && at.startedAt < health.since) return health;
  const successes = health.successes + 1;
  if (wasDown && successes < upAfter) {
    const since = health.state === "half-open" ? health.since : at.now;
    return { ...health, state: "half-open", successes, since };
  }
  return { ...health, state: "healthy", failures: 0, successes: 0, since: at.now };
}
