import { basename, dirname, join } from "node:path";
import { epochMs, type EpochMs, type StoreV2 } from "@open-multi-auth/domain";
import type { StoreKey } from "../key-source.ts";
import type { Parsed } from "../parse-store.ts";
import { storeText } from "../store-text.ts";
import { removeIfThere } from "./claim.ts";
import type { Context } from "./context.ts";
import { readOwn } from "./safe-file.ts";
import { ensureFolder, namesIn } from "./safe-folder.ts";
import { putFiles } from "./seal-file.ts";
import { dressed, openStoreBytes } from "./sealed-bytes.ts";

/** A state that was kept, by its file. */
export interface SnapshotFile {
  /** When it was taken, as a name of its own. */
  readonly id: string;
  readonly takenAt: EpochMs;
  readonly path: string;
}

/** The snapshots of one store: `snapshots/<store's name>.<time>` beside it, each in the form of the store itself. */
export class SnapshotFolder {
  readonly #file: string;
  readonly #context: Context;
  readonly #key: () => StoreKey | undefined;

  /** @param key what the store is sealed under at the time, if it is */
  constructor(file: string, context: Context, key: () => StoreKey | undefined) {
    this.#file = file;
    this.#context = context;
    this.#key = key;
  }

  get path(): string {
    return snapshotsOf(this.#file);
  }

  /** All there are, newest first. */
  async list(): Promise<SnapshotFile[]> {
    const names = await namesIn(this.path);
    if (names.length > 0) await ensureFolder(this.path, this.#context.uid);
    const prefix = `${basename(this.#file)}.`;
    return names
      .filter((name) => name.startsWith(prefix))
      .flatMap((name) => {
        const id = name.slice(prefix.length);
        const takenAt = instantOf(id);
        return takenAt === undefined ? [] : [{ id, takenAt, path: join(this.path, name) }];
      })
      .toSorted((a, b) => b.takenAt - a.takenAt);
  }

  /**
   * What a snapshot holds; `undefined` when it was dropped meanwhile.
   *
   * @throws {Fault} also when its key is not to be had
   */
  async read({ path }: SnapshotFile): Promise<Parsed | undefined> {
    const bytes = await readOwn(path, this.#context.uid);
    if (bytes === undefined) return undefined;
    return (await openStoreBytes(path, bytes, this.#context.keys)).parsed;
  }

  /** Keeps a state, under a time of which there is no snapshot yet. To be called under the store's lock. */
  async add(store: StoreV2, at: EpochMs): Promise<void> {
    await ensureFolder(this.path, this.#context.uid);
    const path = join(this.path, `${basename(this.#file)}.${idOf(at)}`);
    const text = dressed(storeText(store), this.#key());
    await putFiles([{ path, text }], this.#context);
  }

  async drop(snapshots: readonly SnapshotFile[]): Promise<void> {
    for (const { path } of snapshots) await removeIfThere(path);
  }
}

/** The folder of a store's snapshots. */
export const snapshotsOf = (file: string): string => join(dirname(file), "snapshots");

/** An instant as part of a file name, on every file system. */
const idOf = (at: EpochMs): string => new Date(at).toISOString().replaceAll(":", "-");

function instantOf(id: string): EpochMs | undefined {
  const time = /^(\d{4}-\d\d-\d\dT\d\d)-(\d\d)-(\d\d\.\d{3}Z)$/.exec(id);
  const at = time === null ? Number.NaN : Date.parse(time.slice(1).join(":"));
  return Number.isNaN(at) ? undefined : epochMs(at);
}
