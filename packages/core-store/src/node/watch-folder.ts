import { watch, type FSWatcher } from "node:fs";
import type { DurationMs } from "@open-multi-auth/domain";

/** One write of another process is many events; one look after this long answers them all. */
const SETTLE_MS = 100;
/** Others who write all the time must not keep this process reading all the time. */
const BUSY_SETTLE_MS = 400;
const BUSY_MS = 1000;
/** How often to look where the system cannot tell of changes. */
const UNWATCHED_POLL_MS = 500;

/** A folder under watch. */
export interface Watching {
  /** Until `resume` events wake nobody, and a look every half second has to do. */
  pause(): void;
  resume(): void;
  stop(): void;
}

/**
 * Calls `look` after anything happened in a folder, and every `pollMs` in case nothing was told.
 *
 * Every event counts, whatever name it carries: Bun never names the target of a rename. Neither the watcher nor
 * the timers keep a process alive.
 *
 * @param look tells whether it found a change
 */
export function watchFolder(folder: string, pollMs: DurationMs, look: () => Promise<boolean>): Watching {
  let watcher: FSWatcher | undefined;
  let settling: NodeJS.Timeout | undefined;
  let polling: NodeJS.Timeout | undefined;
  let stopped = false;
  let paused = false;
  let lookedAt = Number.NEGATIVE_INFINITY;

  const close = (): void => {
    watcher?.close();
    watcher = undefined;
  };
  const onEvent = (): void => {
    // The look will be taken anyhow; until then others may do what they like without waking us.
    close();
    const isBusy = performance.now() - lookedAt < BUSY_MS;
    settling ??= setTimeout(
      () => {
        settling = undefined;
        lookedAt = performance.now();
        // Before the look, so that nothing falls between the two.
        arm();
        void look();
      },
      isBusy ? BUSY_SETTLE_MS : SETTLE_MS,
    ).unref();
  };
  const poll = (): void => {
    clearTimeout(polling);
    if (stopped) return;
    const isUnwatched = watcher === undefined && settling === undefined;
    const interval = isUnwatched ? Math.min(pollMs, UNWATCHED_POLL_MS) : pollMs;
    polling = setTimeout(() => void onPoll().finally(poll), interval).unref();
  };
  const onPoll = async (): Promise<void> => {
    const missed = await look();
    // A change that no event told of: the folder may have been replaced under the watcher.
    if ((missed || watcher === undefined) && settling === undefined && !stopped && !paused) arm();
  };
  const arm = (): void => {
    close();
    watcher = tryWatch(folder, onEvent, close);
  };

  const unwatch = (): void => {
    close();
    clearTimeout(settling);
    settling = undefined;
    poll();
  };

  arm();
  poll();
  return {
    pause: () => {
      paused = true;
      unwatch();
    },
    resume: () => {
      if (!paused || stopped) return;
      paused = false;
      onEvent();
    },
    stop: () => {
      stopped = true;
      unwatch();
    },
  };
}

function tryWatch(folder: string, onEvent: () => void, onError: () => void): FSWatcher | undefined {
  try {
    return watch(folder, { persistent: false }, onEvent).on("error", onError);
  } catch {
    return undefined;
  }
}
