import type { EpochMs, ProbeSource, RateLimitWindow } from "@open-multi-auth/domain";
import type { ProbeError } from "./errors.ts";

/** What one whole answer said of an account's windows: at least one of the two, both from that one answer. */
export interface LimitsReading {
  readonly fiveHour?: RateLimitWindow;
  readonly weekly?: RateLimitWindow;
}

/** How a probe of one account ended, and what it may change: input of `applyProbe`. */
export type ProbeOutcome = {
  /** Which source answered; of a failure, which was asked last. */
  readonly source: ProbeSource;
  /** When the source was asked: the reading's age counts from here, and so does which of two probes is newer. */
  readonly startedAt: EpochMs;
  readonly finishedAt: EpochMs;
  /** Fingerprint of the access token that it was asked with. A login that came since makes the outcome void. */
  readonly login?: string;
} & (
  | { readonly kind: "success"; readonly reading: LimitsReading }
  | { readonly kind: "failure"; readonly error: ProbeError }
  /** Called off before it came to an end; says nothing about the account. */
  | { readonly kind: "stopped" }
);
