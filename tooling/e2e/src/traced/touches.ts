import { resolve } from "node:path";

/** A file-system call on a path. */
export interface Touch {
  readonly call: string;
  /** Absolute, without `..`. */
  readonly path: string;
  readonly isWrite: boolean;
}

const CALL = /^\d+\s+(?<call>[a-z]\w*)\((?<args>.*)$/u;
/** A quoted path, with the folder that it is relative to where the call names one: `5</home/ann>, "x"`. */
const PATH = /(?:(?:\d+|AT_FDCWD)<(?<folder>[^>]*)>,\s*)?"(?<text>(?:[^"\\]|\\.)*)"/gu;
const WRITES =
  /^(?:mkdir|rename|unlink|rmdir|link|symlink|chmod|fchmod|chown|lchown|fchown|truncate|utime|futimes|creat|mknod|setxattr)/u;
const OPENED_TO_WRITE = /\bO_(?:WRONLY|RDWR|CREAT|TRUNC)\b/u;

/**
 * Reads which paths a program and all it started touched, from a trace (`strace -f -y -e trace=%file`).
 *
 * @param cwd where it started; what a child reached from a folder of its own counts from there too
 */
export function touchesIn(trace: string, cwd: string): Touch[] {
  return trace.split("\n").flatMap((line) => {
    const { call, args } = CALL.exec(line)?.groups ?? {};
    if (call === undefined || args === undefined) return [];
    const isWrite = WRITES.test(call) || (call.startsWith("open") && OPENED_TO_WRITE.test(args));
    return [...pathsOf(call, args)].map(({ folder = cwd, text = "" }) => ({
      call,
      path: resolve(folder, text),
      isWrite,
    }));
  });
}

/** A program's arguments are no paths, and neither is what a link says. */
function* pathsOf(call: string, args: string): Iterable<{ folder?: string; text?: string }> {
  const most = /^(?:rename|link)/u.test(call) ? 2 : 1;
  const linked = call.startsWith("symlink");
  let count = 0;
  for (const { groups } of args.matchAll(PATH)) {
    count += 1;
    if (linked ? count !== 2 : count > most) continue;
    if (groups?.["text"] !== "") yield groups ?? {};
  }
}

/** Whether a path is one of the folders or in one. */
export const isWithin = (path: string, folders: readonly string[]): boolean =>
  folders.some((folder) => path === folder || path.startsWith(folder.endsWith("/") ? folder : `${folder}/`));
