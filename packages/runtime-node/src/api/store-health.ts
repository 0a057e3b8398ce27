import { rm, stat, writeFile } from "node:fs/promises";
import { encryptionOf } from "@open-multi-auth/core-store/node";
import type { Failure } from "@open-multi-auth/domain";
import type { StateView } from "@open-multi-auth/loopback-api";
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

  const tell = (): void => {
    for (const listener of listeners) listener();
  };
  const lookAgain = async (): Promise<void> => {
    const flushed = await store.flush().andThen(() => store.reload());
    cancel = undefined;
    const isWhole = flushed.isOk() && (!hasRefused || (await takesBytes(problem?.code, paths.storeFile)));
    if (!isWhole) cancel = systemTimers.after(AGAIN_MS, () => void lookAgain());
    else hasTaken();
    tell();
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

/** Whether a disk that was full takes as much again as the store has. Of another refusal only a change can tell. */
async function takesBytes(code: string | undefined, storeFile: string): Promise<boolean> {
  if (code !== "STORE_UNWRITABLE") return false;
  const probe = `${storeFile}.probe`;
  try {
    const { size } = await stat(storeFile);
    await writeFile(probe, Buffer.alloc(size), { mode: 0o600 });
    return true;
  } catch {
    return false;
  } finally {
    await rm(probe, { force: true }).catch(() => undefined);
  }
}
