import type { DurationMs } from "@open-multi-auth/domain";
import type { StoreError } from "../errors.ts";
import type { Held } from "./file-lock.ts";

/** How long a process keeps the lock from others while it has something to write. */
const LONGEST_MS: DurationMs = 40;

/** How one holding of the lock ended. */
export interface Tenure {
  readonly error: StoreError | undefined;
  /** More was asked for, but it is the others' turn. */
  readonly hadItsShare: boolean;
}

/**
 * Writes, and writes again what was asked for meanwhile: handing the lock over and taking it costs more than a write.
 * That goes on while nobody else wants the lock, else until this process had its share.
 */
export async function keepWriting(
  held: Held,
  write: () => Promise<StoreError | undefined>,
  isAskedAgain: () => boolean,
): Promise<Tenure> {
  let since = performance.now();
  for (;;) {
    const error = await write();
    // Whoever awaited the write goes on now, and may ask for another.
    await new Promise(setImmediate);
    if (error !== undefined || !isAskedAgain()) return { error, hadItsShare: false };
    if (performance.now() - since < LONGEST_MS) continue;
    if (await held.isWanted()) return { error, hadItsShare: true };
    since = performance.now();
  }
}
