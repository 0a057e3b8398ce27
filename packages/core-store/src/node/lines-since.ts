import { createHash } from "node:crypto";
import { reading } from "./fault.ts";
import { parseOldest } from "./parse-lines.ts";
import { openOwn, type OpenFile, type Uid } from "./safe-file.ts";

/** How far a log has been read. It stays true when files become full, and across processes. */
export interface LinePosition {
  /** Tells the file by its first line, whatever it is called by now. */
  readonly file: string;
  /** Bytes of it that have been read. */
  readonly offset: number;
}

/** What follows a position. */
export interface LinesSince {
  /** Oldest first; a part of one file. */
  readonly values: readonly object[];
  /** After them; undefined while the log has no line. */
  readonly position: LinePosition | undefined;
  /** Whether that was all by now; else there is more to read. */
  readonly isAll: boolean;
}

const HEAD_BYTES = 1024;
/** What is parsed at once: requests are answered on the same thread. */
const PART_BYTES = 262_144;
const NEWLINE = 0x0a;
/** A file that becomes full while the list is made changes the list; that happens once in thousands of lines. */
const MOST_LOOKS = 10;

/**
 * Reads what was appended after a position. If the file of the position is gone, all that is there is newer.
 *
 * @param list the log's files, oldest first
 */
export async function linesSince(
  list: () => Promise<readonly string[]>,
  position: LinePosition | undefined,
  uid: Uid,
): Promise<LinesSince> {
  const files = await openAll(list, uid);
  try {
    const at = files.findIndex(({ head, size }) => head === position?.file && size >= position.offset);
    let reached = position;
    for (const [index, { file, head, size }] of files.entries()) {
      if (index < at) continue;
      let offset = index === at ? (position?.offset ?? 0) : 0;
      for (
        let lines = await linesFrom(file, offset);
        lines.length > 0;
        lines = await linesFrom(file, offset)
      ) {
        offset += lines.length;
        reached = { file: head, offset };
        const values = parseOldest(lines.toString("utf8").split("\n"));
        const isAll = index === files.length - 1 && offset === size;
        if (values.length > 0) return { values, position: reached, isAll };
      }
    }
    return { values: [], position: reached, isAll: true };
  } finally {
    await Promise.allSettled(files.map(({ file }) => file.handle.close()));
  }
}

interface Headed {
  readonly file: OpenFile;
  readonly head: string;
  readonly size: number;
}

/** All files with a line, at one moment: what a list names may be renamed before it is opened. */
async function openAll(list: () => Promise<readonly string[]>, uid: Uid): Promise<readonly Headed[]> {
  for (let look = 1; ; look += 1) {
    const paths = await list();
    const opened = await Promise.all(paths.map((path) => openOwn(path, uid)));
    const files = await Promise.all(opened.flatMap((file) => (file === undefined ? [] : headed(file))));
    if (look === MOST_LOOKS || String(await list()) === String(paths))
      return files.filter(({ head }) => head !== "");
    await Promise.allSettled(files.map(({ file }) => file.handle.close()));
  }
}

async function headed(file: OpenFile): Promise<Headed> {
  const { buffer, bytesRead } = await file.handle.read(Buffer.alloc(HEAD_BYTES), 0, HEAD_BYTES, 0);
  const start = buffer.subarray(0, bytesRead);
  const end = start.indexOf(NEWLINE);
  const isLine = end !== -1 || bytesRead === HEAD_BYTES;
  const first = start.subarray(0, end === -1 ? HEAD_BYTES : end);
  const head = isLine ? createHash("sha256").update(first).digest("hex").slice(0, 16) : "";
  return { file, head, size: Number(file.stats.size) };
}

/** Whole lines from an offset on, about a part's worth; a line that is being written is for the next time. */
async function linesFrom(file: OpenFile, offset: number): Promise<Buffer> {
  for (let most = PART_BYTES; ; most *= 2) {
    const bytes = await readFrom(file, offset, most);
    const end = bytes.lastIndexOf(NEWLINE) + 1;
    if (end > 0 || bytes.length < most) return bytes.subarray(0, end);
  }
}

async function readFrom({ handle, stats }: OpenFile, offset: number, most: number): Promise<Buffer> {
  const length = Math.min(most, Math.max(0, Number(stats.size) - offset));
  const read = handle.read(Buffer.allocUnsafe(length), 0, length, offset);
  const { buffer, bytesRead } = await reading("the log", read);
  return buffer.subarray(0, bytesRead);
}
