import {
  failure,
  type Clock,
  type EpochMs,
  type Failure,
  type Random,
  type StoreV2,
} from "@open-multi-auth/domain";
import { err, ok, ResultAsync, type Result } from "neverthrow";
import type { StoreError } from "../errors.ts";
import type { KeySource } from "../key-source.ts";
import type { Parsed } from "../parse-store.ts";
import { contextOf } from "./context.ts";
import { failureOf } from "./fault.ts";
import { isKeyFault } from "./sealed-bytes.ts";
import { SnapshotFolder } from "./snapshot-folder.ts";

/** The snapshot's file is not a whole store of this version; another one may be. */
export type SnapshotInvalid = Failure<"SNAPSHOT_INVALID", { id: string; path: string; constraint: string }>;

/** A state that was replaced and kept. */
export interface Snapshot {
  readonly id: string;
  readonly takenAt: EpochMs;
  readonly store: Result<StoreV2, SnapshotInvalid>;
}

/** The states of a store that were replaced and kept. */
export interface Snapshots {
  /** All there are, newest first. */
  list(): ResultAsync<Snapshot[], StoreError>;
  /** Deletes all there are, and the logins in them. Resolves with how many there were. */
  clear(): ResultAsync<number, StoreError>;
}

/**
 * The snapshots of a store. They are taken by writing the store: the ten newest states before somebody removed
 * an account, or changed its name, tags, notes, whether it is enabled, or a setting.
 *
 * @param file the store's file
 */
export function createSnapshots(
  file: string,
  deps: { readonly clock: Clock; readonly random: Random; readonly keys?: KeySource },
): Snapshots {
  const folder = new SnapshotFolder(file, contextOf(deps), () => undefined);
  return {
    list: () => ResultAsync.fromPromise(list(folder), failureOf),
    clear: () => ResultAsync.fromPromise(clear(folder), failureOf),
  };
}

async function list(folder: SnapshotFolder): Promise<Snapshot[]> {
  const snapshots: Snapshot[] = [];
  for (const file of await folder.list()) {
    const { id, takenAt, path } = file;
    const parsed = await folder.read(file).catch(closed);
    if (parsed !== undefined) snapshots.push({ id, takenAt, store: storeIn(parsed, { id, path }) });
  }
  return snapshots;
}

/** One that was encrypted otherwise is no reason to do without the others. */
function closed(thrown: unknown): Parsed {
  if (!isKeyFault(thrown)) throw thrown;
  return {
    kind: "corrupted",
    issue: { path: "", constraint: "must be encrypted with the key of the store" },
  };
}

async function clear(folder: SnapshotFolder): Promise<number> {
  const files = await folder.list();
  await folder.drop(files);
  return files.length;
}

function storeIn(parsed: Parsed, file: { id: string; path: string }): Result<StoreV2, SnapshotInvalid> {
  const issue =
    parsed.kind === "store"
      ? parsed.broken[0]?.issues[0]
      : parsed.kind === "corrupted"
        ? parsed.issue
        : { path: "", constraint: "must be a store of version 2" };
  if (parsed.kind === "store" && issue === undefined) return ok(parsed.store);
  const constraint = `${issue?.path || "it"} ${issue?.constraint}`;
  return err(
    failure("SNAPSHOT_INVALID", `the snapshot ${file.path} cannot be used: ${constraint}`, {
      ...file,
      constraint,
    }),
  );
}
