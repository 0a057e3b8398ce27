import { describe, expect, it } from "vitest";

import { countFileCalls } from "./count-calls.ts";
import { markerPath } from "./markers.ts";

const mark = (kind: "begin" | "end", name: string): string =>
  `20 access("${markerPath(kind, name)}", F_OK) = -1 ENOENT (No such file or directory)`;

const traced = (...lines: string[]): string => [mark("begin", "w"), ...lines, mark("end", "w")].join("\n");

describe("countFileCalls", () => {
  it.each([
    `21 openat(AT_FDCWD</home>, "/store.json", O_RDONLY|O_CLOEXEC) = 24</store.json>`,
    `21 statx(24</store.json>, "", AT_EMPTY_PATH, STATX_ALL, {stx_size=3, ...}) = 0`,
    `21 read(24</store.json>, "{}", 8192 <unfinished ...>`,
    `21 fsync(24</store.json>) = 0`,
    `21 rename("/a", "/b") = 0`,
    `21 close(24</store.json>) = 0`,
  ])("counts %s, whichever thread makes it", (line) => {
    expect(countFileCalls(traced(line)).get("w")).toEqual([line]);
  });

  it.each([
    `20 write(23<socket:[341487]>, "POST /openat", 170) = 170`,
    `20 read(20<anon_inode:[eventfd]>, "\\1\\0", 1024) = 8`,
    `20 close(5<pipe:[341479]>) = 0`,
    `20 openat(AT_FDCWD</home>, "/proc/self/statm", O_RDONLY) = 10</proc/20/statm>`,
    `20 pread64(10</proc/20/statm>, "18523554 25510"..., 256, 0) = 40`,
    `20 <... read resumed>"{}", 8192) = 2`,
    `20 --- SIGURG {si_signo=SIGURG, si_code=SI_TKILL} ---`,
    `20 +++ exited with 0 +++`,
  ])("leaves out %s", (line) => {
    expect(countFileCalls(traced(line)).get("w")).toEqual([]);
  });

  it("counts nothing between windows, and keeps windows apart", () => {
    const call = `21 unlink("/store.json.lock") = 0`;
    const trace = [traced(call), call, mark("begin", "x"), call, call, mark("end", "x"), call].join("\n");
    const counts = [...countFileCalls(trace)].map(([name, calls]) => [name, calls.length]);
    expect(counts).toEqual([
      ["w", 1],
      ["x", 2],
    ]);
  });

  it("knows nothing of a window that never ended", () => {
    expect(countFileCalls(mark("begin", "w")).size).toBe(0);
  });
});
