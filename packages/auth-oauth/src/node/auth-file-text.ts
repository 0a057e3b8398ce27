import { failure } from "@open-multi-auth/domain";
import { err, ok, ResultAsync, type Result } from "neverthrow";
import { open, stat } from "node:fs/promises";
import type { AuthFileUnreadable } from "../errors.ts";

/** Such a file has a few kilobytes; what is larger is something else. */
const MAX_BYTES = 1024 * 1024;

type Why = AuthFileUnreadable["details"]["why"];

/** Reads another tool's file, through symbolic links: people link their dotfiles. */
export function readAuthFileText(path: string): ResultAsync<string, AuthFileUnreadable> {
  return ResultAsync.fromPromise(readBounded(path), whyOf)
    .andThen((read) => read)
    .mapErr((why) => unreadable(path, why));
}

async function readBounded(path: string): Promise<Result<string, Why>> {
  // Before opening: a pipe would block there.
  if (!(await stat(path)).isFile()) return err("not-a-file");
  const file = await open(path, "r");
  try {
    const buffer = new Uint8Array(MAX_BYTES + 1);
    let length = 0;
    while (length < buffer.length) {
      const { bytesRead } = await file.read(buffer, length, buffer.length - length, null);
      if (bytesRead === 0) return decode(buffer.subarray(0, length));
      length += bytesRead;
    }
    return err("too-large");
  } finally {
    await file.close();
  }
}

/** Strictly: what could not be read exactly must not be written back. */
function decode(bytes: Uint8Array): Result<string, Why> {
  try {
    return ok(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch {
    return err("not-text");
  }
}

/** What the system says of a file operation that failed: ENOENT, ENOSPC, ... */
export function errnoOf(thrown: unknown): string {
  return thrown instanceof Error && "code" in thrown ? String(thrown.code) : "unknown";
}

function whyOf(thrown: unknown): Why {
  const errno = errnoOf(thrown);
  if (errno === "ENOENT" || errno === "ENOTDIR") return "missing";
  return errno === "EACCES" || errno === "EPERM" ? "denied" : "failed";
}

const WORDS: Readonly<Record<Why, readonly [what: string, fix: string]>> = {
  missing: ["does not exist", "check the path, or sign in with the tool that writes this file"],
  denied: ["may not be read by this user", "make it readable for the user that runs this"],
  "not-a-file": ["is not a file", "give the path of the auth.json itself"],
  "too-large": ["is too large for an auth file", "give the path of the auth.json itself"],
  "not-text": ["is not a text file in UTF-8", "give the path of the auth.json itself"],
  failed: ["could not be read", "check the disk, then try again"],
};

function unreadable(path: string, why: Why): AuthFileUnreadable {
  const [what, fix] = WORDS[why];
  return failure("AUTH_FILE_UNREADABLE", `${path} ${what}`, { path, why, fix });
}
