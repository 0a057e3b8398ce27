import type { BigIntStats } from "node:fs";
import type { FileHandle } from "node:fs/promises";
import type { StoreV2 } from "@open-multi-auth/domain";
import type { Adapter } from "lowdb";
import type { StoreError } from "../errors.ts";
import type { StoreKey } from "../key-source.ts";
import type { Parsed } from "../parse-store.ts";
import { storeText } from "../store-text.ts";
import type { Context } from "./context.ts";
import { differDurably } from "./durable.ts";
import { reading } from "./fault.ts";
import { statsOf } from "./is-there.ts";
import { replaceFiles } from "./replace-files.ts";
import { close, narrow, openAsIs, orClose, readOwn } from "./safe-file.ts";
import { dressed, openStoreBytes } from "./sealed-bytes.ts";
import { sameKey } from "./store-key.ts";
import { keyAmong, lastGoodOf, twinsOf } from "./twins.ts";

/** What the file was found to be; `same`: nobody touched it since it was last read or written here. */
export type Found = Parsed | { readonly kind: "missing" } | { readonly kind: "same" };

/** lowdb's way to `store.json` and its snapshot `store.json.lkg`. Readers need no lock, writers do. */
export class StoreAdapter implements Adapter<StoreV2> {
  readonly file: string;
  readonly snapshotFile: string;
  /** What the last read found. */
  found: Found = { kind: "missing" };
  /** What the last write could not finish after the file itself was in place. */
  incomplete: StoreError | undefined;
  readonly #context: Context;
  /** The state on disk as last read or written here. */
  #seen: StoreV2 | undefined;
  /** What the store is sealed under; the file itself says it. */
  #key: StoreKey | undefined;
  #identity = "";
  #pin: FileHandle | undefined;
  #snapshotCurrent = false;

  constructor(file: string, context: Context) {
    this.file = file;
    this.snapshotFile = lastGoodOf(file);
    this.#context = context;
  }

  get seen(): StoreV2 | undefined {
    return this.#seen;
  }

  /** The key that the store is sealed under; a plain store has none. */
  get key(): StoreKey | undefined {
    return this.#key;
  }

  /** Whether the snapshot holds all that must survive the loss of the file. */
  get snapshotCurrent(): boolean {
    return this.#snapshotCurrent;
  }

  /** The newest state, or `null` when there is none newer than lowdb has; `found` says why. */
  async read(): Promise<StoreV2 | null> {
    this.found = await this.#look();
    if (this.found.kind !== "store") return null;
    const before = this.#seen;
    this.#seen = this.found.store;
    // Another process may have been killed between its two renames.
    if (before === undefined || differDurably(before, this.#seen)) this.#snapshotCurrent = false;
    return this.#seen;
  }

  /** Writes the file and, unless only statistics changed, the snapshot. */
  async write(next: StoreV2): Promise<void> {
    const text = dressed(storeText(next), this.#key);
    const both = !this.#snapshotCurrent || this.#seen === undefined || differDurably(this.#seen, next);
    // The file first: after a crash between the renames a rotated token is already in what the next load reads.
    const main = { path: this.file, text };
    const files = both ? ([main, { path: this.snapshotFile, text }] as const) : ([main] as const);
    const { handle, stats, incomplete } = await replaceFiles(files, this.#context);
    await this.#remember(handle, stats);
    this.#seen = next;
    this.incomplete = incomplete;
    this.#snapshotCurrent = incomplete === undefined;
  }

  /** What the snapshot is; it counts as current when it differs from the file in nothing but statistics. */
  async readSnapshot(): Promise<Found> {
    const bytes = await readOwn(this.snapshotFile, this.#context.uid);
    if (bytes === undefined) {
      this.#snapshotCurrent = false;
      return { kind: "missing" };
    }
    const { parsed, key } = await openStoreBytes(this.snapshotFile, bytes, this.#context.keys, this.#seen);
    // A file that is lost or broken says no more what it was sealed under.
    if (this.found.kind !== "store" && this.found.kind !== "same") this.#key ??= key;
    const isAsSeen =
      parsed.kind === "store" && this.#seen !== undefined && !differDurably(parsed.store, this.#seen);
    this.#snapshotCurrent = isAsSeen && sameKey(key, this.#key);
    return parsed;
  }

  /** Where neither the file nor its snapshot can be read: a store of which any copy is sealed stays so. */
  async takeKeyOfTwins(): Promise<StoreKey | undefined> {
    this.#key ??= await keyAmong(await twinsOf(this.file), this.#context);
    return this.#key;
  }

  /** Lets go of the file. */
  async close(): Promise<void> {
    await close(this.#pin);
    this.#pin = undefined;
    this.#identity = "";
  }

  async #look(): Promise<Found> {
    const stats = await statsOf(this.file);
    if (stats !== undefined && identityOf(stats) === this.#identity) return { kind: "same" };
    const opened = await openAsIs(this.file, this.#context.uid);
    if (opened === undefined) return { kind: "missing" };
    const { handle } = opened;
    return orClose(handle, async () => {
      const bytes = await reading(this.file, handle.readFile());
      const { parsed, key } = await openStoreBytes(this.file, bytes, this.#context.keys, this.#seen);
      if (parsed.kind === "store" || key !== undefined) this.#seal(key);
      // Until it is known to be a store it may be anybody's file.
      if (parsed.kind === "store") await narrow(this.file, opened, this.#context.uid);
      // What needs recovery is looked at again until it was recovered.
      const settled = parsed.kind === "store" && parsed.broken.length === 0;
      if (settled) await this.#remember(handle, opened.stats);
      else await close(handle);
      return parsed;
    });
  }

  #seal(key: StoreKey | undefined): void {
    // Another process encrypted or decrypted it: no copy may stay as it was.
    if (!sameKey(key, this.#key)) this.#snapshotCurrent = false;
    this.#key = key;
  }

  /**
   * Keeps the file open that was read or written last: while it is open its inode number cannot be given to a
   * later file, so an equal identity means the same content. (Windows never reuses file ids that soon, and cannot
   * rename onto open files.)
   */
  async #remember(handle: FileHandle, stats: BigIntStats): Promise<void> {
    const before = this.#pin;
    this.#pin = process.platform === "win32" ? undefined : handle;
    this.#identity = identityOf(stats);
    // Nobody has to wait for the old one.
    void close(before);
    if (this.#pin === undefined) await close(handle);
  }
}

const identityOf = ({ dev, ino, mtimeNs, size }: BigIntStats): string => `${dev}:${ino}:${mtimeNs}:${size}`;
