import type { Timers } from "@open-multi-auth/connector";
import type { DurationMs } from "@open-multi-auth/domain";
import type { ResultAsync } from "neverthrow";

/** How long a request, or its preparation, waits for the disk. */
const PATIENCE_MS: DurationMs = 1_000;

/** Waits for work on the disk, but not for long: it goes on behind. */
export async function waitPatiently(work: ResultAsync<unknown, unknown>, timers: Timers): Promise<void> {
  let cancel: (() => void) | undefined;
  const patience = new Promise<void>((resolve) => {
    cancel = timers.after(PATIENCE_MS, resolve);
  });
  await Promise.race([work, patience]);
  cancel?.();
}
