import { describe, expect, it } from "vitest";
import { isWithin, touchesIn } from "./touches.ts";

const trace = (...lines: string[]): string => lines.map((line) => `4711  ${line}`).join("\n");
const of = (...lines: string[]): string[] =>
  touchesIn(trace(...lines), "/home/ann/code").map(({ path, isWrite }) => `${isWrite ? "w" : "r"} ${path}`);

describe("touchesIn", () => {
  it("reads what was opened, and whether to write", () => {
    expect(
      of(
        'openat(AT_FDCWD</home/ann/code>, "/etc/passwd", O_RDONLY|O_CLOEXEC) = 3</etc/passwd>',
        'openat(AT_FDCWD</home/ann/code>, "x", O_WRONLY|O_CREAT|O_TRUNC, 0600) = 4</home/ann/code/x>',
        'openat(5</home/ann>, "../bob/y", O_RDWR) = -1 ENOENT (No such file or directory)',
        'statx(AT_FDCWD</home/ann/code>, "", AT_EMPTY_PATH, STATX_ALL, {}) = 0',
        'access("a/b", F_OK <unfinished ...>',
        "<... access resumed>) = 0",
      ),
    ).toEqual(["r /etc/passwd", "w /home/ann/code/x", "w /home/bob/y", "r /home/ann/code/a/b"]);
  });

  it("reads both ends of a renaming, and no arguments or link texts", () => {
    expect(
      of(
        'renameat2(3</a>, "b", AT_FDCWD</home/ann/code>, "/c/d", 0) = 0',
        'execve("/usr/bin/git", ["git", "/secret"], 0x1 /* 2 vars */) = 0',
        'symlink("/text", "/place") = 0',
        'readlink("/l", "/where", 4095) = 6',
        'unlinkat(AT_FDCWD</home/ann/code>, "/gone", 0) = 0',
      ),
    ).toEqual(["w /a/b", "w /c/d", "r /usr/bin/git", "w /place", "r /l", "w /gone"]);
  });
});

it("isWithin takes no folder for another that begins alike", () => {
  expect(["/a", "/a/b", "/ab", "/"].map((path) => isWithin(path, ["/a"]))).toEqual([
    true,
    true,
    false,
    false,
  ]);
});
