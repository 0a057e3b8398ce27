import { markerIn } from "./markers.ts";

/**
 * Counts the file-system calls in each window of a trace (`strace -f -y -o`), by any thread.
 *
 * A call counts when it names a path, or works on a descriptor that is a file: sockets, pipes and event
 * descriptors do not. Nor does `/proc`: that is memory of the kernel, where Bun's garbage collector looks up how
 * large the process is, whatever the program does.
 *
 * @returns the calls of every window that was seen to end, by its name
 */
export function countFileCalls(trace: string): ReadonlyMap<string, readonly string[]> {
  const windows = new Map<string, readonly string[]>();
  let open: { name: string; calls: string[] } | undefined;
  for (const line of trace.split("\n")) {
    const marker = markerIn(line);
    if (marker?.kind === "begin") open = { name: marker.name, calls: [] };
    else if (marker !== undefined && open?.name === marker.name) {
      windows.set(open.name, open.calls);
      open = undefined;
    } else if (marker === undefined && isFileCall(line)) open?.calls.push(line);
  }
  return windows;
}

const CALL = /^\d+\s+(?<name>[a-z]\w*)\((?<args>.*)$/u;
/** A descriptor on a file: `23</path>`; a socket is `23<socket:[1]>`, an event descriptor `23<anon_inode:…>`. */
const FILE_DESCRIPTOR = /^\d+<\/(?!proc\/)/u;
const PROC_PATH = /"\/proc\//u;
const ON_DESCRIPTOR = new Set(
  [
    "read readv pread64 preadv preadv2 write writev pwrite64 pwritev pwritev2 lseek fcntl close",
    "fstat fsync fdatasync ftruncate flock fallocate fchmod fchown getdents64",
    "sendfile splice copy_file_range sync_file_range",
  ].flatMap((names) => names.split(" ")),
);

/** What `strace -e trace=` is told: every call that takes a path, and those on descriptors. */
export const TRACED_CALLS = ["%file", ...ON_DESCRIPTOR].join(",");

/** The end of a call that was begun earlier, or another thread's exit, is no call. */
function isFileCall(line: string): boolean {
  const { name, args } = CALL.exec(line)?.groups ?? {};
  if (name === undefined || args === undefined) return false;
  return ON_DESCRIPTOR.has(name) ? FILE_DESCRIPTOR.test(args) : !PROC_PATH.test(args);
}
