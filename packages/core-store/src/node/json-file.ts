import { dirname } from "node:path";
import type { Clock, DurationMs, Random } from "@open-multi-auth/domain";
import { ResultAsync } from "neverthrow";
import type { StoreError } from "../errors.ts";
import { contextOf } from "./context.ts";
import { failureOf } from "./fault.ts";
import { keepEvidence } from "./keep-evidence.ts";
import { readOwn } from "./safe-file.ts";
import { ensureFolder } from "./safe-folder.ts";
import { putFiles } from "./seal-file.ts";
import { sweep } from "./sweep.ts";
import { whileLocked } from "./while-locked.ts";

/** A small JSON file that several processes change together: what can be lost without harm to the store. */
export interface JsonFile {
  /** What it holds; undefined where there is none, or it holds no JSON. */
  read(): ResultAsync<unknown, StoreError>;
  /**
   * Changes it while no other process does. It is written whole or not at all; a file that held no JSON is kept beside it.
   *
   * @param change gives what it is to hold from now on; undefined leaves it as it is
   * @param deadlineMs how long to wait for other processes before `STORE_LOCKED`; 0 tries once
   */
  update(
    change: (value: unknown) => Promise<object | undefined> | object | undefined,
    deadlineMs?: DurationMs,
  ): ResultAsync<void, StoreError>;
}

/**
 * Opens nothing yet.
 *
 * @param path its folder is made 0700 and must be ours alone; the file is 0600
 */
export function createJsonFile(
  path: string,
  deps: { readonly clock: Clock; readonly random: Random },
): JsonFile {
  const context = contextOf(deps);
  const folder = dirname(path);
  const text = async (): Promise<string | undefined> => {
    const bytes = await readOwn(path, context.uid);
    return bytes && new TextDecoder().decode(bytes);
  };

  const change: (...args: Parameters<JsonFile["update"]>) => Promise<void> = async (next, deadlineMs) => {
    await ensureFolder(folder, context.uid);
    await sweep(folder, context);
    await whileLocked(path, deadlineMs, context, async () => {
      const before = await text();
      const value = parsed(before);
      const after = await next(value);
      if (after === undefined) return;
      if (before !== undefined && value === undefined) await keepEvidence(path, context, undefined);
      await putFiles([{ path, text: `${JSON.stringify(after)}\n` }], context);
    });
  };

  return {
    read: () => ResultAsync.fromPromise(text().then(parsed), failureOf),
    update: (next, deadlineMs) => ResultAsync.fromPromise(change(next, deadlineMs), failureOf),
  };
}

function parsed(text: string | undefined): unknown {
  try {
    return text === undefined ? undefined : JSON.parse(text);
  } catch {
    return undefined;
  }
}
