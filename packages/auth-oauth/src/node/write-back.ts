import { failure, type Credential, type SharedFile } from "@open-multi-auth/domain";
import { err, okAsync, ResultAsync } from "neverthrow";
import { open, realpath, rename, rm, stat } from "node:fs/promises";
import { dirname } from "node:path";
import { holdsNothing } from "../auth-file/failures.ts";
import { findTokens } from "../auth-file/find-tokens.ts";
import { putCredential } from "../auth-file/put-credential.ts";
import { readText } from "../auth-file/token-fields.ts";
import type { WriteBackError } from "../errors.ts";
import { fingerprint } from "../fingerprint.ts";
import { errnoOf, readAuthFileText } from "./auth-file-text.ts";

/** `left-alone`: the file is gone, or holds another login or newer tokens. */
export type WriteBackOutcome = "written" | "left-alone";

/**
 * Puts a renewed credential into another tool's file, if that still holds the refresh token of `fingerprint`.
 *
 * The file is replaced as a whole or not at all; its mode, its other fields and their order stay. A symbolic link
 * stays one: its target is replaced.
 */
export function writeBackIfUnchanged(
  { kind, path, fingerprint: before }: SharedFile,
  credential: Credential,
): ResultAsync<WriteBackOutcome, WriteBackError> {
  const origin = { kind, path };
  return readAuthFileText(path)
    .andThen((text) =>
      findTokens(text, origin).andThen((tokens) =>
        readText(origin, tokens, "refreshToken").map((refreshToken) => ({ text, tokens, refreshToken })),
      ),
    )
    .andThen(({ text, tokens, refreshToken }) => {
      if (fingerprint(refreshToken ?? "") !== before) return okAsync<WriteBackOutcome>("left-alone");
      const content = JSON.stringify(putCredential(kind, tokens, credential), null, 2);
      return ResultAsync.fromPromise(
        replaceIfStill(path, text, text.endsWith("\n") ? `${content}\n` : content),
        (thrown) => unwritable(path, errnoOf(thrown)),
      );
    })
    .orElse((error) => (holdsNothing(error) ? okAsync<WriteBackOutcome>("left-alone") : err(error)));
}

async function replaceIfStill(path: string, expected: string, content: string): Promise<WriteBackOutcome> {
  const target = await realpath(path);
  const { mode } = await stat(target);
  // One name, so that a crash leaves at most one such file, and the next write removes it.
  const temporary = `${target}.open-multi-auth.tmp`;
  try {
    await rm(temporary, { force: true });
    await writeDurably(temporary, content, mode & 0o777);
    // The tool may have renewed its login by itself in the meantime.
    const unchanged = (await readAuthFileText(target)).unwrapOr("") === expected;
    if (!unchanged) return "left-alone";
    await rename(temporary, target);
    // Not every system can sync a folder; the file is in place either way.
    await Promise.allSettled([syncFolder(dirname(target))]);
    return "written";
  } finally {
    await rm(temporary, { force: true });
  }
}

async function writeDurably(path: string, content: string, mode: number): Promise<void> {
  const file = await open(path, "wx", 0o600);
  try {
    await file.writeFile(content);
    await file.chmod(mode);
    await file.sync();
  } finally {
    await file.close();
  }
}

async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, "r");
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

function unwritable(path: string, errno: string): WriteBackError {
  const fix = `check permissions and free space of ${dirname(path)}`;
  return failure("AUTH_FILE_UNWRITABLE", `${path} could not be updated (${errno})`, { path, fix });
}
