import { encryptionOf } from "@open-multi-auth/core-store/node";
import type { Failure } from "@open-multi-auth/domain";
import type { StateView } from "@open-multi-auth/loopback-api";
import { ok } from "neverthrow";
import type { Pool } from "../open-pool.ts";
import { systemTimers } from "../system.ts";
import type { ProblemLog } from "./problem-log.ts";

/** How the store is. */
export interface StoreHealth {
  /** The pool for changes: one that the store refuses is noted as its problem, until one is taken again. */
  readonly followed: Pool;
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
  let hasRefused = false;
  let count = 0;
  let isClosed = false;

  const tell = (): void => {
    for (const listener of listeners) listener();
  };
  const lookAgain = async (): Promise<void> => {
    const before = count;
    // What a disk takes shows only in a write like those that it refused.
    const saved = hasRefused ? await store.update((state) => ok({ ...state })) : await store.flush();
    const isWhole = saved.isOk() && (await store.reload()).isOk();
    if (isClosed) return;
    cancel = undefined;
    if (isWhole && count === before) hasTaken();
    else again();
    tell();
  };
  const again = (): void => {
    cancel ??= systemTimers.after(AGAIN_MS, () => void lookAgain());
  };
  const hasTaken = (): void => {
    problem = undefined;
    hasRefused = false;
  };
  const taken = (): void => {
    if (!hasRefused) return;
    hasTaken();
    tell();
  };
  const refused = (error: unknown): void => {
    if (!isOfStore(error)) return;
    hasRefused = true;
    problems.note(error);
  };
  const unwatch = problems.subscribe((noted) => {
    if (!noted.code.startsWith("STORE_")) return;
    problem = noted;
    count += 1;
    again();
    tell();
  });
  const look = async (): Promise<void> => {
    const found = await encryptionOf(paths.storeFile);
    encrypted = found.isOk() && found.value.store !== "off";
    tell();
  };
  void look();

  return {
    followed: {
      ...pool,
      audited(deed) {
        const audited = pool.audited(deed);
        return {
          ...audited,
          update: (change, options) => audited.update(change, options).andTee(taken).orTee(refused),
        };
      },
    },
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
      isClosed = true;
      unwatch();
      cancel?.();
    },
  };
}

const isOfStore = (error: unknown): error is Failure =>
  typeof error === "object" &&
  error !== null &&
  "code" in error &&
  typeof error.code === "string" &&
  error.code.startsWith("STORE_");
