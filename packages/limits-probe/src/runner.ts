import type { Account, ProbeSource } from "@open-multi-auth/domain";
import type { Result } from "neverthrow";
import type { ProbeError } from "./errors.ts";
import type { LimitsReading } from "./outcome.ts";

/** What one source came to. */
export interface ProbeAttempt {
  /** With the model and the session file, where there are such. */
  readonly source: ProbeSource;
  /** Fingerprint of the access token asked with, as it stands in the store now (a run may have renewed it). */
  readonly login?: string;
  readonly result: Result<LimitsReading, ProbeError>;
}

/** Port: one source of limits. Runners are asked in order, cheapest first, until one has a reading. */
export interface ProbeRunner {
  readonly kind: ProbeSource["kind"];
  /** Whether asking costs the account quota; such a source is asked only when a person wants it. */
  readonly spendsQuota: boolean;
  /** Asks, with whatever tries that takes within. Never rejects; ends soon once `signal` is aborted. */
  run(account: Account, signal: AbortSignal): Promise<ProbeAttempt>;
}
