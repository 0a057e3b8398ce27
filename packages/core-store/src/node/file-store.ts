import { emptyStore, type StoreV2 } from "@open-multi-auth/domain";
import { Low } from "lowdb";
import { err, errAsync, ok, ResultAsync, type Result } from "neverthrow";
import { storeClosed, type StoreError } from "../errors.ts";
import { Listeners } from "../listeners.ts";
import {
  attempt,
  changeInvalid,
  compacted,
  foldPending,
  pendingChange,
  pendingTransaction,
  type Pending,
} from "../pending.ts";
import type { Change, OpenReport, PoolStore, UpdateOptions, Urgency } from "../pool-store.ts";
import { failureOf } from "./fault.ts";
import type { FileStoreDeps, Written } from "./file-store-deps.ts";
import { keepReplaced } from "./keep-replaced.ts";
import { isSound, isUsable, load, problemsOf, reportOf, unsupported } from "./load.ts";
import { keepWriting } from "./tenure.ts";
import { Turns } from "./turns.ts";
import type { Watching } from "./watch-folder.ts";
import { WriteBehind } from "./write-behind.ts";

/**
 * The store over a file. `#base` is the disk as last seen, `#memory` is `#base` after all pending changes. A commit
 * takes the lock, reads what others wrote, applies all that is pending to that, and writes it in one go.
 */
export class FileStore implements PoolStore {
  report: OpenReport = { kind: "opened", quarantined: [] };
  readonly #deps: FileStoreDeps;
  readonly #low: Low<StoreV2>;
  readonly #listeners = new Listeners(() => this.#memory);
  readonly #behind: WriteBehind;
  /** What tells of other processes' writes. */
  watching: Watching | undefined;
  #base: StoreV2 = emptyStore();
  #memory = this.#base;
  /** Commits go one at a time; what touches the disk too, so that a commit in wait of the lock delays no reading. */
  readonly #commits = new Turns();
  readonly #turns = new Turns();
  #pending: Pending[] = [];
  #commitAsked = false;
  #hadItsShare = false;
  #phase: "opening" | "open" | "closed" = "opening";

  constructor(deps: FileStoreDeps) {
    this.#deps = deps;
    this.#low = new Low(deps.adapter, this.#base);
    this.#behind = new WriteBehind(() => this.#askCommit(), deps.context.random);
  }

  /** Reads the file for the first time. Only what has to be recovered is written; that alone needs the lock. */
  async open(): Promise<StoreError | undefined> {
    const error = (await this.#refresh()) ?? (await this.#turns.take(() => this.#checkSnapshot()));
    if (error === undefined) this.#phase = "open";
    return error;
  }

  /** Looks whether another process wrote; true when it did. */
  async look(): Promise<boolean> {
    const before = this.#base;
    await this.#refresh();
    return this.#base !== before;
  }

  state(): StoreV2 {
    return this.#memory;
  }

  apply(change: Change, urgency: Urgency): void {
    if (this.#phase === "closed") return this.#deps.problems.tell(storeClosed(this.#deps.adapter.file));
    const entry = pendingChange(change, this.#deps.problems);
    const next = attempt(entry, this.#memory);
    if ("issue" in next) return entry.settle(changeInvalid(next.issue));
    this.#pending.push(entry);
    this.#remember(next.store);
    if (urgency === "now") this.#askCommit();
    else this.#behind.soon();
  }

  update<E = never>(
    change: (store: StoreV2) => Result<StoreV2, E>,
    options?: UpdateOptions,
  ): ResultAsync<StoreV2, E | StoreError> {
    if (this.#phase === "closed") return errAsync(storeClosed(this.#deps.adapter.file));
    return this.#transact(change, options);
  }

  flush(): ResultAsync<void, StoreError> {
    return new ResultAsync(this.#flush());
  }

  reload(): ResultAsync<StoreV2, StoreError> {
    if (this.#phase === "closed") return errAsync(storeClosed(this.#deps.adapter.file));
    return new ResultAsync(this.#refresh().then((error) => (error ? err(error) : ok(this.#memory))));
  }

  subscribe(listener: (store: StoreV2) => void): () => void {
    return this.#listeners.add(listener);
  }

  close(): ResultAsync<void, StoreError> {
    const opened = this.#phase === "open";
    this.#phase = "closed";
    this.watching?.stop();
    const close = async (): Promise<Result<void, StoreError>> => {
      const flushed = opened ? await this.flush() : ok(undefined);
      this.#behind.begun();
      await this.#commits.take(() => this.#turns.take(() => this.#deps.adapter.close()));
      return flushed;
    };
    return new ResultAsync(close());
  }

  #transact<E>(change: (store: StoreV2) => Result<StoreV2, E>, options?: UpdateOptions) {
    return new ResultAsync<StoreV2, E | StoreError>(
      new Promise((resolve) => {
        this.#pending.push(pendingTransaction(change, resolve, options));
        this.#askCommit();
      }),
    );
  }

  async #flush(): Promise<Result<void, StoreError>> {
    const isDue = this.#pending.length > 0 || this.#deps.adapter.incomplete !== undefined;
    const flushed = isDue ? await this.#transact<never>((store) => ok(store)) : ok();
    // The lock was given back too, then.
    return this.#commits.take(async () => flushed.map(() => undefined));
  }

  /** Everything that becomes pending before the commit reads it shares the one write. */
  #askCommit(): void {
    if (this.#commitAsked) return;
    this.#commitAsked = true;
    void this.#commits.take(async () => (this.#commitAsked ? this.#commit() : undefined));
  }

  async #refresh(): Promise<StoreError | undefined> {
    try {
      const isSettled = await this.#turns.take(() => this.#read());
      this.#deps.problems.succeeded("read");
      if (isSettled || this.#phase === "closed") return undefined;
    } catch (thrown) {
      const error = failureOf(thrown);
      if (this.#phase === "open") this.#deps.problems.failed("read", error);
      return error;
    }
    return this.#commits.take(() => this.#commit());
  }

  /** Takes over what the file holds; false when it must be recovered first. */
  async #read(): Promise<boolean> {
    if (this.#phase === "closed") return true;
    await this.#low.read();
    const { adapter } = this.#deps;
    if (isSound(adapter.found)) this.#rebase();
    return isUsable(adapter, this.#phase === "opening");
  }

  async #checkSnapshot(): Promise<StoreError | undefined> {
    const { adapter } = this.#deps;
    try {
      if (adapter.snapshotCurrent) return undefined;
      const snapshot = await adapter.readSnapshot();
      if (snapshot.kind === "foreign") throw unsupported(adapter.snapshotFile, snapshot);
      if (!adapter.snapshotCurrent) this.#askCommit();
      return undefined;
    } catch (thrown) {
      return failureOf(thrown);
    }
  }

  async #commit(): Promise<StoreError | undefined> {
    // Waking up at all that others do until then would only slow them down.
    const onWait = (): void => this.watching?.pause();
    const { lock, lockDeadlineMs } = this.#deps;
    const held = await lock.acquire({ deadlineMs: lockDeadlineMs, onWait, afterOthers: this.#hadItsShare });
    this.watching?.resume();
    if (held.isErr()) return this.#fail(held.error, this.#pending);
    const write = () => this.#turns.take(() => this.#writeAll());
    const { error, hadItsShare } = await keepWriting(held.value, write, () => this.#commitAsked);
    this.#hadItsShare = hadItsShare;
    await held.value.release();
    return error;
  }

  async #writeAll(): Promise<StoreError | undefined> {
    const written = await this.#write().catch(failureOf);
    return "code" in written ? this.#fail(written, this.#pending) : this.#succeed(written);
  }

  async #write(): Promise<Written> {
    const { adapter, context } = this.#deps;
    const loaded = await load(this.#low, adapter, context);
    this.#commitAsked = false;
    this.#behind.begun();
    const batch = [...this.#pending];
    const inMemory = loaded.store === this.#base && batch.every((entry) => entry.kind === "change");
    const folded = foldPending(loaded.store, batch, inMemory ? this.#memory : undefined);
    if (loaded.dirty || !adapter.snapshotCurrent || folded.store !== loaded.store) {
      await keepReplaced({ before: loaded.store, after: folded.store, batch }, this.#deps);
      // A second `Low`, so that the first never holds what the disk refused.
      await new Low(adapter, folded.store).write();
    }
    this.#low.data = folded.store;
    return { loaded, batch, folded };
  }

  #succeed({ loaded, batch, folded }: Written): StoreError | undefined {
    const { incomplete } = this.#deps.adapter;
    this.#pending.splice(0, batch.length);
    this.#rebase();
    if (this.#phase === "opening") this.report = reportOf(loaded);
    else for (const problem of problemsOf(loaded)) this.#deps.problems.tell(problem);
    for (const entry of batch) {
      entry.settle(folded.invalid.get(entry) ?? (entry.kind === "transaction" ? incomplete : undefined));
    }
    if (incomplete !== undefined) return this.#fail(incomplete, []);
    this.#behind.succeeded();
    this.#deps.problems.succeeded("write");
    return undefined;
  }

  /** Transactions end with the error; changes stay in memory and are tried again. */
  #fail(error: StoreError, entries: readonly Pending[]): StoreError {
    const failed = new Set(entries.filter((entry) => entry.kind === "transaction"));
    this.#commitAsked = false;
    this.#pending = this.#pending.filter((entry) => !failed.has(entry));
    this.#rebase();
    this.#pending = compacted(this.#pending, this.#base, this.#memory, this.#deps.problems);
    for (const entry of failed) entry.settle(error);
    if (this.#phase === "open") {
      this.#deps.problems.failed("write", error);
      this.#behind.failed();
    }
    return error;
  }

  #rebase(): void {
    this.#base = this.#low.data;
    const changes = this.#pending.filter((entry) => entry.kind === "change");
    this.#remember(foldPending(this.#base, changes).store);
  }

  #remember(memory: StoreV2): void {
    if (memory === this.#memory) return;
    this.#memory = memory;
    this.#listeners.changed();
  }
}
