import { readdir } from "node:fs/promises";
import { dirname } from "node:path";
import { emptyStore, ENVIRONMENT_PREFIX, failure, type StoreV2 } from "@open-multi-auth/domain";
import type { Low } from "lowdb";
import type { StoreCorrupted, StoreError } from "../errors.ts";
import type { BrokenAccount } from "../parse-store.ts";
import type { OpenReport } from "../pool-store.ts";
import type { Context } from "./context.ts";
import { Fault, reading } from "./fault.ts";
import { keepEvidence } from "./keep-evidence.ts";
import { mayBeOurs } from "./own-names.ts";
import { quarantine } from "./quarantine.ts";
import type { Found, StoreAdapter } from "./store-adapter.ts";

/** The newest state, and what had to be done to get it. */
export interface Loaded extends OpenReport {
  readonly store: StoreV2;
  /** The file does not hold this state: it must be written before the lock is released. */
  readonly dirty: boolean;
}

/** Reads the newest state under the lock, and recovers it when the file is missing, invalid or broken in parts. */
export async function load(low: Low<StoreV2>, adapter: StoreAdapter, context: Context): Promise<Loaded> {
  await low.read();
  const { found } = adapter;
  if (found.kind === "foreign") throw unsupported(adapter.file, found);
  if (found.kind === "same") return { kind: "opened", store: low.data, dirty: false, quarantined: [] };
  if (found.kind === "store") return { kind: "opened", ...(await sound(found, adapter, context)) };
  return restore(found, adapter, context);
}

/** Whether it can be used as it is. */
export const isSound = (found: Found): boolean => found.kind === "store" && found.broken.length === 0;

/**
 * Whether nothing is to be recovered. At the first look another tool's file is refused: not even a lock is put
 * beside it.
 */
export function isUsable({ found, file }: StoreAdapter, isFirstLook: boolean): boolean {
  if (isFirstLook && found.kind === "foreign") throw unsupported(file, found);
  return found.kind === "same" || isSound(found);
}

/** What a person is told of an opening. */
export const reportOf = ({ kind, quarantined, evidence, problem }: Loaded): OpenReport => ({
  kind,
  quarantined,
  ...(evidence === undefined ? {} : { evidence }),
  ...(problem === undefined ? {} : { problem }),
});

/** What is told of a recovery while the store is open. */
export const problemsOf = ({ problem, quarantined }: Loaded): StoreError[] => [
  ...(problem === undefined ? [] : [problem]),
  ...quarantined.map((details) =>
    failure(
      "ACCOUNT_QUARANTINED",
      `account ${details.alias}: ${details.issues[0]?.path} ${details.issues[0]?.constraint}; it was moved to ${details.file}`,
      details,
    ),
  ),
];

interface Broken {
  readonly kind: "missing" | "empty" | "corrupted";
  readonly issue?: { readonly path: string; readonly constraint: string };
  readonly wasSealed?: true;
}

async function restore(found: Broken, adapter: StoreAdapter, context: Context): Promise<Loaded> {
  const snapshot = await adapter.readSnapshot();
  if (snapshot.kind === "foreign") throw unsupported(adapter.snapshotFile, snapshot);
  if (found.kind === "corrupted" && !(await wasOurs(adapter, snapshot))) {
    throw unsupported(adapter.file, { kind: "foreign", shape: "unknown" });
  }
  if (snapshot.kind !== "store") await requireKey(found, snapshot, adapter);
  if (snapshot.kind === "corrupted") await keepEvidence(adapter.snapshotFile, context, adapter.key);
  const restored = snapshot.kind === "store" ? await sound(snapshot, adapter, context) : undefined;
  const kind = restored === undefined ? "created" : "restored";
  const state = restored ?? { store: withoutSnapshot(found, adapter), quarantined: [] };
  if (found.kind === "missing" || (found.kind === "empty" && restored === undefined)) {
    return { ...state, kind, dirty: true };
  }
  const evidence = await keepEvidence(adapter.file, context, adapter.key);
  const problem = corrupted(adapter.file, found, evidence, restored === undefined ? "nothing" : "snapshot");
  return { ...state, kind, dirty: true, evidence, problem };
}

/** What was encrypted is never begun anew in the open. */
async function requireKey(found: Broken, snapshot: Found, adapter: StoreAdapter): Promise<void> {
  if ((await adapter.takeKeyOfTwins()) !== undefined) return;
  const wasSealed = [
    { file: adapter.file, found },
    { file: adapter.snapshotFile, found: snapshot },
  ].find((broken) => "wasSealed" in broken.found);
  if (wasSealed !== undefined) throw unsupported(wasSealed.file, { kind: "foreign", shape: "damaged-seal" });
}

/** Whether anything shows that a file which is no store once was one: another may have been named by mistake. */
async function wasOurs({ file, seen }: StoreAdapter, snapshot: Found): Promise<boolean> {
  if (seen !== undefined || snapshot.kind === "store") return true;
  const folder = dirname(file);
  return mayBeOurs(await reading(folder, readdir(folder)), file);
}

/** A file that somebody removed along with its snapshot stays removed; one that broke is known from memory. */
const withoutSnapshot = (found: Broken, adapter: StoreAdapter): StoreV2 =>
  found.kind === "corrupted" ? (adapter.seen ?? emptyStore()) : emptyStore();

async function sound(
  found: { readonly store: StoreV2; readonly broken: readonly BrokenAccount[] },
  adapter: StoreAdapter,
  context: Context,
): Promise<Pick<Loaded, "store" | "dirty" | "quarantined">> {
  const quarantined = await quarantine(adapter.file, found.broken, context, adapter.key);
  return { store: found.store, dirty: quarantined.length > 0, quarantined };
}

function corrupted(
  file: string,
  { issue = { path: "", constraint: "must not be empty" } }: Broken,
  evidence: string,
  restoredFrom: "snapshot" | "nothing",
): StoreCorrupted {
  const where = issue.path === "" ? file : `${file}, field ${issue.path}`;
  const then =
    restoredFrom === "snapshot" ? "the last good snapshot was restored" : "there was no snapshot to restore";
  return failure(
    "STORE_CORRUPTED",
    `${where} ${issue.constraint}; ${then}; the file was kept as ${evidence}`,
    {
      file,
      ...issue,
      evidence,
      restoredFrom,
    },
  );
}

/** A file that is neither ours nor broken; see `StoreUnsupported`. */
export function unsupported(file: string, found: Extract<Found, { kind: "foreign" }>): Fault {
  const { shape, version } = found;
  const { what, fix } = explain(file, found);
  const details = { file, shape, ...(version === undefined ? {} : { version }), fix };
  return new Fault(failure("STORE_UNSUPPORTED", `${file} ${what}; it was left untouched`, details));
}

const ELSEWHERE = `point ${ENVIRONMENT_PREFIX}STORE_FILE elsewhere`;

function explain(
  file: string,
  { shape, version }: Extract<Found, { kind: "foreign" }>,
): { what: string; fix: string } {
  if (shape === "newer") {
    return {
      what: `is a store of version ${version}, newer than this program`,
      fix: `use the version of this program that wrote it, or ${ELSEWHERE}`,
    };
  }
  if (shape === "damaged-seal") {
    return {
      what: "is encrypted and so damaged that nothing can be read of it, and no other copy is there",
      fix: `bring back a copy of the folder; docs/OFFLINE_RECOVERY.md says what to do when there is none`,
    };
  }
  if (shape === "unknown") {
    return {
      what: "is not a store, and nothing shows that it ever was one",
      fix: `${ELSEWHERE}, or move ${file} away`,
    };
  }
  return {
    what: `is a store of another program (${shape})`,
    fix: "move it away, and take its accounts over with `oma import --from` and its new place",
  };
}
