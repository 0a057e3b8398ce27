import { watch, type FSWatcher } from "node:fs";
import type { DurationMs } from "@open-multi-auth/domain";
import { errnoOf } from "./fault.ts";

/**
 * Waits until something happens to a file: it goes, or is touched. A file that is gone already ends it at once.
 *
 * @param atMostMs ends the wait in any case, since not every system tells; the timer keeps the process alive
 */
export async function untilTouched(path: string, atMostMs: DurationMs): Promise<void> {
  let watcher: FSWatcher | undefined;
  await new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, atMostMs);
    const end = (): void => {
      clearTimeout(timer);
      resolve();
    };
    try {
      watcher = watch(path, { persistent: false }, end).on("error", () => undefined);
    } catch (thrown) {
      if (errnoOf(thrown) === "ENOENT") end();
    }
  });
  watcher?.close();
}
