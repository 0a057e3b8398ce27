import type { DurationMs, Random } from "@open-multi-auth/domain";

/** Below the promised second, so that lock and disk have their share of it. */
const SOON_MS = 500;
const FIRST_RETRY_MS = 250;
const LONGEST_RETRY_MS = 30_000;

/** Decides when the disk is written; none of its timers keeps a process alive. */
export class WriteBehind {
  readonly #write: () => void;
  readonly #random: Random;
  #timer: NodeJS.Timeout | undefined;
  #failures = 0;

  constructor(write: () => void, random: Random) {
    this.#write = write;
    this.#random = random;
  }

  /** Writes a fixed time after the first call since the last write: constant traffic does not put it off. */
  soon(): void {
    this.#arm(SOON_MS);
  }

  /** A write begins with all that is pending now. */
  begun(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  succeeded(): void {
    this.#failures = 0;
  }

  /** Tries again later, each time after a longer pause. */
  failed(): void {
    const backoff: DurationMs = Math.min(FIRST_RETRY_MS * 2 ** this.#failures, LONGEST_RETRY_MS);
    this.#failures += 1;
    this.begun();
    this.#arm(backoff * (0.5 + this.#random.next() / 2));
  }

  #arm(delay: DurationMs): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      this.#write();
    }, delay).unref();
  }
}
