import { createHash } from "node:crypto";
import { reading } from "./fault.ts";
import { parseOldest } from "./parse-lines.ts";
import { close, openOwn, type OpenFile, type Uid } from "./safe-file.ts";

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
    for (const [index, file] of files.entries()) {
      const { head, size } = file;
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
    await closeAll(files);
  }
}

interface Headed {
  readonly path: string;
  readonly file: OpenFile;
  readonly head: string;
  readonly size: number;
}

/** All files with a line, at one moment: what a list names may be renamed before it is opened. */
async function openAll(list: () => Promise<readonly string[]>, uid: Uid): Promise<readonly Headed[]> {
  for (let look = 1; ; look += 1) {
    const paths = await list();
    const files: Headed[] = [];
    let isOneMoment = false;
    try {
      for (const path of paths) files.push(...(await headed(path, uid)));
      isOneMoment = look === MOST_LOOKS || String(await list()) === String(paths);
      if (isOneMoment) return files;
    } finally {
      if (!isOneMoment) await closeAll(files);
    }
  }
}

const closeAll = (files: readonly Headed[]): Promise<unknown> =>
  Promise.all(files.map(({ file }) => close(file.handle)));

/** A file, if it is there and has a line. */
async function headed(path: string, uid: Uid): Promise<Headed[]> {
  const file = await openOwn(path, uid);
  if (file === undefined) return [];
  let head: string | undefined;
  try {
    head = headIn(await readAt({ path, file }, 0, HEAD_BYTES));
    return head === undefined ? [] : [{ path, file, head, size: Number(file.stats.size) }];
  } finally {
    if (head === undefined) await close(file.handle);
  }
}

function headIn(start: Buffer): string | undefined {
  const end = start.indexOf(NEWLINE);
  if (end === -1 && start.length < HEAD_BYTES) return undefined;
  const first = end === -1 ? start : start.subarray(0, end);
  return createHash("sha256").update(first).digest("hex").slice(0, 16);
}

/** Whole lines from an offset on, about a part's worth; a line that is being written is for the next time. */
async function linesFrom(file: Headed, offset: number): Promise<Buffer> {
  for (let most = PART_BYTES; ; most *= 2) {
    const bytes = await readAt(file, offset, Math.min(most, Math.max(0, file.size - offset)));
    const end = bytes.lastIndexOf(NEWLINE) + 1;
    if (end > 0 || bytes.length < most) return bytes.subarray(0, end);
  }
}

async function readAt(
  { path, file }: Pick<Headed, "path" | "file">,
  offset: number,
  length: number,
): Promise<Buffer> {
  const read = file.handle.read(Buffer.allocUnsafe(length), 0, length, offset);
  const { buffer, bytesRead } = await reading(path, read);
  return buffer.subarray(0, bytesRead);
}
