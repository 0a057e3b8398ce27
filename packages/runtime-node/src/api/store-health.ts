import { encryptionOf } from "@open-multi-auth/core-store/node";
import type { StateView } from "@open-multi-auth/loopback-api";
import type { Pool } from "../open-pool.ts";
import { systemTimers } from "../system.ts";
import type { ProblemLog } from "./problem-log.ts";

/** How the store is. */
export interface StoreHealth {
  view(): StateView["store"];
  subscribe(listener: () => void): () => void;
  close(): void;
}

/** How soon a store that refused is tried again. */
const AGAIN_MS = 2_000;

/** Follows what the store reports, and looks whether it works again. */
export function watchStoreHealth(pool: Pool, problems: ProblemLog): StoreHealth {
  const { store, report, paths } = pool;
  const listeners = new Set<() => void>();
  let problem: StateView["store"]["problem"];
  let encrypted = false;
  let cancel: (() => void) | undefined;

  const tell = (): void => {
    for (const listener of listeners) listener();
  };
  const lookAgain = async (): Promise<void> => {
    const flushed = await store.flush().andThen(() => store.reload());
    cancel = undefined;
    if (flushed.isErr()) cancel = systemTimers.after(AGAIN_MS, () => void lookAgain());
    else problem = undefined;
    tell();
  };
  const unwatch = problems.subscribe((noted) => {
    if (!noted.code.startsWith("STORE_")) return;
    problem = noted;
    cancel ??= systemTimers.after(AGAIN_MS, () => void lookAgain());
    tell();
  });
  const look = async (): Promise<void> => {
    const found = await encryptionOf(paths.storeFile);
    encrypted = found.isOk() && found.value.store !== "off";
    tell();
  };
  void look();

  return {
    view: () => ({
      state: problem ? "degraded" : "ok",
      path: paths.storeFile,
      opened: report.kind,
      encrypted,
      quarantined: report.quarantined.map(({ alias, file }) => ({ alias, file })),
      ...(problem && { problem }),
    }),
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    close() {
      unwatch();
      cancel?.();
    },
  };
}
