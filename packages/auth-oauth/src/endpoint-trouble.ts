import { after, epochMs, type Clock, type DurationMs } from "@open-multi-auth/domain";

/** How long a request waits for a refresh; another account may be able to serve. */
const PATIENCE_MS: DurationMs = 10_000;
const SHORT_PATIENCE_MS: DurationMs = 1_000;
const REMEMBERED_MS: DurationMs = 30_000;

/**
 * What the token endpoint did to others lately: one that is silent or fails is not waited for anew with each account.
 */
export class EndpointTrouble {
  readonly #clock: Clock;
  #until = epochMs(0);

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  note(): void {
    this.#until = after(this.#clock.now(), REMEMBERED_MS);
  }

  isOver(): void {
    this.#until = epochMs(0);
  }

  isKnown(): boolean {
    return this.#clock.now() < this.#until;
  }

  patienceMs(): DurationMs {
    return this.isKnown() ? SHORT_PATIENCE_MS : PATIENCE_MS;
  }
}
