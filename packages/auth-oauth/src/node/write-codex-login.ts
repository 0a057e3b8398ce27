import { failure } from "@open-multi-auth/domain";
import { err, ok, okAsync, ResultAsync, type Result } from "neverthrow";
import { dirname } from "node:path";
import { parseCodexAuthFile } from "../auth-file/codex.ts";
import { withCodexLogin, type CodexLogin } from "../auth-file/codex-login.ts";
import type { ImportedLogin } from "../auth-file/kind.ts";
import { invalidField } from "../auth-file/failures.ts";
import type { ImportError, WriteBackError } from "../errors.ts";
import { parseJsonObject } from "../json-object.ts";
import { errnoOf, readAuthFileText } from "./auth-file-text.ts";
import { createIfMissing, replaceIfStill, type WriteBackOutcome } from "./replace-file.ts";

/** What stands in the Codex CLI's file now; without a login where it is signed out, or has an API key only. */
export interface CodexFile {
  /** As read; undefined where there is no file. */
  readonly text: string | undefined;
  readonly login: ImportedLogin | undefined;
}

/** Reads the Codex CLI's file in order to replace its login. What cannot be understood is not to be replaced. */
export function readCodexFile(path: string): ResultAsync<CodexFile, ImportError> {
  return readAuthFileText(path)
    .andThen((text) => parsed(text, path))
    .orElse((error) =>
      error.code === "AUTH_FILE_UNREADABLE" && error.details.why === "missing"
        ? okAsync({ text: undefined, login: undefined })
        : err(error),
    );
}

function parsed(text: string, path: string): Result<CodexFile, ImportError> {
  if (text.trim() === "") return ok({ text, login: undefined });
  return parseCodexAuthFile(text, path)
    .map(([login]): CodexFile => ({ text, login }))
    .orElse((error) =>
      error.code === "AUTH_FILE_WITHOUT_LOGIN" ? ok({ text, login: undefined }) : err(error),
    );
}

/**
 * Signs the Codex CLI in with an account, in place of whatever login the file held when it was read.
 *
 * @param found the file as `readCodexFile` read it
 * @returns `left-alone` where the file has changed since
 */
export function writeCodexLogin(
  path: string,
  { text }: CodexFile,
  login: CodexLogin,
): ResultAsync<WriteBackOutcome, WriteBackError> {
  const root = parseJsonObject(text === undefined || text.trim() === "" ? "{}" : text);
  if (root === undefined) return new ResultAsync(Promise.resolve(err(notAnObject(path))));
  const content = `${JSON.stringify(withCodexLogin(root, login), null, 2)}\n`;
  const writing = text === undefined ? createIfMissing(path, content) : replaceIfStill(path, text, content);
  return ResultAsync.fromPromise(writing, (thrown) => unwritable(path, errnoOf(thrown)));
}

const notAnObject = (path: string): WriteBackError =>
  invalidField({ kind: "codex-auth-json", path }, "", "a JSON object");

/** A file, or its folder, that may not be written, or a full disk. */
export function unwritable(path: string, errno: string): WriteBackError {
  const fix = `check permissions and free space of ${dirname(path)}`;
  return failure("AUTH_FILE_UNWRITABLE", `${path} could not be updated (${errno})`, { path, fix });
}
