import type { DurationMs } from "@open-multi-auth/domain";
import type { Context } from "./context.ts";
import type { FileLock } from "./file-lock.ts";
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
