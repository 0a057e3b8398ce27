import type { DurationMs } from "@open-multi-auth/domain";
import type { Folded, Pending } from "../pending.ts";
import type { Context } from "./context.ts";
import type { FileLock } from "./file-lock.ts";
import type { Loaded } from "./load.ts";
import type { Problems } from "./problems.ts";
import type { SnapshotFolder } from "./snapshot-folder.ts";
import type { StoreAdapter } from "./store-adapter.ts";

/** What the store over a file is made of. */
export interface FileStoreDeps {
  readonly adapter: StoreAdapter;
  readonly snapshots: SnapshotFolder;
  readonly lock: FileLock;
  readonly lockDeadlineMs: DurationMs;
  readonly problems: Problems;
  readonly context: Context;
}

/** One write: what it found, what it was to make durable, and what came of that. */
export interface Written {
  readonly loaded: Loaded;
  readonly batch: readonly Pending[];
  readonly folded: Folded;
}
