import type { DurationMs } from "@open-multi-auth/domain";
import type { Timers } from "./ports.ts";

/** How long a request waits for the disk. */
const PATIENCE_MS: DurationMs = 1_000;

/** The saves of one renewal. A request does not wait long for them; the claim to refresh outlasts them. */
export class Saves {
  readonly #timers: Timers;
  #ended: Promise<void> = Promise.resolve();
  #isLate = false;

  constructor(timers: Timers) {
    this.#timers = timers;
  }

  /** Waits for a save, but not for long: it goes on behind. */
  async waitFor(save: Promise<void>): Promise<void> {
    this.#ended = Promise.all([this.#ended, save]).then(() => undefined);
    let cancel: (() => void) | undefined;
    const patience = new Promise<void>((resolve) => {
      cancel = this.#timers.after(PATIENCE_MS, () => {
        this.#isLate = true;
        resolve();
      });
    });
    await Promise.race([save, patience]);
    cancel?.();
  }

  /** Resolves when all have ended, late ones too. */
  get ended(): Promise<void> {
    return this.#ended;
  }

  /** Gives the claim back when all have ended, and waits for that unless one of them takes long. */
  async release(claim: { release(): Promise<void> }): Promise<void> {
    const released = this.#ended.then(() => claim.release());
    if (!this.#isLate) await released;
  }
}
