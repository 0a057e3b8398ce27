import { after, epochMs, type DurationMs, type StoreV2 } from "@open-multi-auth/domain";
import { changesDecisions, losesAccount } from "../decisions.ts";
import type { Pending } from "../pending.ts";
import type { Context } from "./context.ts";
import { failureOf } from "./fault.ts";
import type { Problems } from "./problems.ts";
import type { SnapshotFolder } from "./snapshot-folder.ts";

/** A run of edits is one step back. */
const QUIET_MS: DurationMs = 5 * 60_000;
const KEPT = 10;

/** What {@link keepReplaced} goes by. */
export interface Replacing {
  readonly before: StoreV2;
  readonly after: StoreV2;
  /** What the write makes durable; one of it may insist on the snapshot. */
  readonly batch: readonly Pending[];
}

interface Deps {
  readonly snapshots: SnapshotFolder;
  readonly context: Context;
  readonly problems: Problems;
}

/**
 * Keeps the state that a write is about to replace, where a person may want it back; under the store's lock.
 *
 * That is when something that people decided is undone, at most once in five minutes, and always when an account
 * goes, since its login is nowhere else. Rotated tokens, cooldowns and counts are no reason: nobody wants those back, and they
 * would push out what people do want. So an ordinary write costs one comparison.
 *
 * @throws {Fault} only where it was insisted; else a snapshot that cannot be kept is told of, and the write goes on
 */
export async function keepReplaced(replacing: Replacing, deps: Deps): Promise<void> {
  const insist = replacing.batch.some((entry) => entry.keepReplaced === true);
  if (isBlank(replacing.before)) return;
  if (!insist && !changesDecisions(replacing.before, replacing.after)) return;
  try {
    await keep({ ...replacing, always: insist || losesAccount(replacing.before, replacing.after) }, deps);
  } catch (thrown) {
    if (insist) throw thrown;
    deps.problems.tell(failureOf(thrown));
  }
}

async function keep(
  { before, always }: { readonly before: StoreV2; readonly always: boolean },
  { snapshots, context }: Deps,
): Promise<void> {
  const taken = await snapshots.list();
  const now = context.clock.now();
  const newest = taken[0]?.takenAt ?? epochMs(0);
  if (!always && newest <= now && now < after(newest, QUIET_MS)) return;
  // Later than all others, also where the clock was set back: the order of names is the order of events.
  await snapshots.add(before, epochMs(Math.max(now, newest + 1)));
  await snapshots.drop(taken.slice(KEPT - 1));
}

/** There is nothing in it that could be wanted back. */
const isBlank = ({ accounts, settings }: StoreV2): boolean =>
  Object.keys(accounts).length === 0 && Object.keys(settings).length === 0;
