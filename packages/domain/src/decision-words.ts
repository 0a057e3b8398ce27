import type { FailoverReason, Ineligibility } from "./reasons.ts";
import type { Strategy } from "./settings.ts";

/** What an account was, so that it did not answer: it follows its name. */
const CANNOT: Readonly<Record<FailoverReason | Ineligibility, string>> = {
  disabled: "is off",
  "auth-invalid": "is signed out",
  "cooling-down": "rests until its limit resets",
  "workspace-resting": "rests: its workspace is deactivated",
  "model-resting": "does not offer this model",
  "reserve-reached": "has reached its reserve",
  "health-down": "rests after failures",
  "at-capacity": "is busy",
  "quota-exhausted": "reached its limit",
  "expired-refresh-failed": "could not renew its sign-in",
  "reauth-failed": "is signed out",
  "no-token": "is signed out",
  "reauth-timeout": "could not renew its sign-in in time",
  "workspace-deactivated": "belongs to a deactivated workspace",
  "model-unsupported": "does not offer this model",
  transient: "failed for a passing reason",
  skipped: "was not asked",
};

/** What the strategies go by, of the account that they take. */
const TAKES: Readonly<Record<Strategy, string>> = {
  "round-robin": "next in turn",
  "least-used": "fewest requests so far",
  random: "drawn by chance",
  "weighted-round-robin": "its turn by weight",
  headroom: "loses most at its reset",
};

/** Why an account did not answer, to follow its name: "reached its limit". A code of a newer version stands for itself. */
export const explainReason = (reason: string): string =>
  isKnown(CANNOT, reason) ? CANNOT[reason] : `did not answer (${reason})`;

/** An account with why it did not answer: "lab reached its limit". */
export const cannot = (alias: string, reason: string): string => `${alias} ${explainReason(reason)}`;

/** What a strategy goes by: "next in turn". One of a newer version stands for itself. */
export const takenBy = (strategy: string): string =>
  isKnown(TAKES, strategy) ? TAKES[strategy] : `by ${strategy}`;

const isKnown = <Name extends string>(words: Readonly<Record<Name, string>>, name: string): name is Name =>
  Object.hasOwn(words, name);
