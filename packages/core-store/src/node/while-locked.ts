import type { DurationMs } from "@open-multi-auth/domain";
import type { Context } from "./context.ts";
import { Fault } from "./fault.ts";
import { lockIn } from "./file-lock.ts";

/** Longer than it takes until a claim of another host counts as left behind. */
export const LOCK_DEADLINE_MS: DurationMs = 12_000;

/** Does some work while it holds the lock of a store. */
export async function whileLocked<T>(
  file: string,
  deadlineMs: DurationMs | undefined,
  context: Context,
  work: () => Promise<T>,
): Promise<T> {
  const held = await lockIn(`${file}.lock`, context).acquire({ deadlineMs: deadlineMs ?? LOCK_DEADLINE_MS });
  if (held.isErr()) throw new Fault(held.error);
  try {
    return await work();
  } finally {
    await held.value.release();
  }
}
