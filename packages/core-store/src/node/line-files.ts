import { rename } from "node:fs/promises";
import { join, resolve } from "node:path";
import type { Clock } from "@open-multi-auth/domain";
import { removeIfThere } from "./claim.ts";
import { errnoOf, reading, writing } from "./fault.ts";
import { linesSince, type LinePosition, type LinesSince } from "./lines-since.ts";
import { parseNewest } from "./parse-lines.ts";
import { close, openOwn, openToAppend, type OpenFile, type Uid } from "./safe-file.ts";
import { ensureFolder, namesIn } from "./safe-folder.ts";

/** Where lines go, and how much of them is kept. */
export interface LineFilesOptions {
  readonly folder: string;
  readonly name: string;
  readonly maxBytes: number;
  readonly maxFiles: number;
  readonly clock: Clock;
  readonly uid: Uid;
}

const NEWLINE = 0x0a;
let rotations = 0;

/** The files of one log: `<name>.jsonl`, and the full ones, `<name>.<time>-<pid>-<count>.jsonl`. */
export class LineFiles {
  readonly #options: LineFilesOptions;
  readonly #folder: string;
  readonly #current: string;

  constructor(options: LineFilesOptions) {
    this.#options = options;
    this.#folder = resolve(options.folder);
    this.#current = join(this.#folder, `${options.name}.jsonl`);
  }

  /**
   * Appends as many of the lines as fit one file, at least one, in one call.
   *
   * @returns how many are in the file now: fewer than given when the disk became full on the way
   */
  async append(lines: readonly string[]): Promise<number> {
    await ensureFolder(this.#folder, this.#options.uid);
    const file = await this.#openWithRoom();
    try {
      const start = (await reading(this.#current, endsTorn(file))) ? "\n" : "";
      const fitting = this.#fitting(lines);
      const bytes = Buffer.from(start + fitting.join(""));
      const { bytesWritten } = await writing(this.#current, file.handle.write(bytes));
      if (bytesWritten === bytes.length) return fitting.length;
      return Math.max(0, linesIn(bytes.subarray(0, bytesWritten)) - start.length);
    } finally {
      await close(file.handle);
    }
  }

  /** The newest values, newest first. */
  async newest(limit: number): Promise<object[]> {
    const values: object[] = [];
    const seen = new Set<bigint>();
    for await (const path of this.#newestFirst()) {
      if (values.length >= limit) break;
      const file = await openOwn(path, this.#options.uid);
      if (file === undefined) continue;
      const text = await reading(path, file.handle.readFile("utf8")).finally(() => close(file.handle));
      // A file that became full while we read it comes under its new name again.
      if (!seen.has(file.stats.ino)) values.push(...parseNewest(text.split("\n"), limit - values.length));
      seen.add(file.stats.ino);
    }
    return values;
  }

  /** What follows a position, or all that there is. */
  since(position: LinePosition | undefined): Promise<LinesSince> {
    const list = async (): Promise<string[]> => [...(await this.#full()).toReversed(), this.#current];
    return linesSince(list, position, this.#options.uid);
  }

  async #openWithRoom(): Promise<OpenFile> {
    const file = await openToAppend(this.#current, this.#options.uid);
    if (file.stats.size < this.#options.maxBytes) return file;
    await close(file.handle);
    await this.#rotate();
    return openToAppend(this.#current, this.#options.uid);
  }

  /**
   * Two processes may both find the file full. Full files have names that nobody else uses, so the second one
   * moves the new file, small as it is, and nothing is overwritten.
   */
  async #rotate(): Promise<void> {
    const { name, clock, maxFiles } = this.#options;
    rotations += 1;
    const full = join(this.#folder, `${name}.${clock.now()}-${process.pid}-${rotations}.jsonl`);
    await rename(this.#current, full).catch((thrown: unknown) => {
      if (errnoOf(thrown) !== "ENOENT") return writing(this.#current, Promise.reject(thrown));
      return undefined;
    });
    for (const path of (await this.#full()).slice(Math.max(0, maxFiles - 1))) await removeIfThere(path);
  }

  /** The full ones are listed only then: what became full while the current one was read is among them. */
  async *#newestFirst(): AsyncGenerator<string> {
    yield this.#current;
    yield* await this.#full();
  }

  /** Full files, newest first. */
  async #full(): Promise<string[]> {
    const prefix = `${this.#options.name}.`;
    return (await namesIn(this.#folder))
      .filter((name) => name.startsWith(prefix) && /^\d+-\d+-\d+\.jsonl$/.test(name.slice(prefix.length)))
      .toSorted((a, b) => b.localeCompare(a, "en", { numeric: true }))
      .map((name) => join(this.#folder, name));
  }

  #fitting(lines: readonly string[]): readonly string[] {
    let bytes = 0;
    const count = lines.findIndex((line) => (bytes += Buffer.byteLength(line)) > this.#options.maxBytes);
    return count === -1 ? lines : lines.slice(0, Math.max(1, count));
  }
}

/** Whether a full disk or a killed process cut the last line short. */
async function endsTorn({ handle, stats }: OpenFile): Promise<boolean> {
  if (stats.size === 0n) return false;
  const { buffer } = await handle.read(Buffer.alloc(1), 0, 1, Number(stats.size) - 1);
  return buffer[0] !== NEWLINE;
}

const linesIn = (bytes: Uint8Array): number => bytes.filter((byte) => byte === NEWLINE).length;
