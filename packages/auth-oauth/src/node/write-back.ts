import type { Credential, SharedFile } from "@open-multi-auth/domain";
import { err, okAsync, ResultAsync } from "neverthrow";
import { holdsNothing } from "../auth-file/failures.ts";
import { findTokens } from "../auth-file/find-tokens.ts";
import { putCredential } from "../auth-file/put-credential.ts";
import { readText } from "../auth-file/token-fields.ts";
import type { WriteBackError } from "../errors.ts";
import { fingerprint } from "../fingerprint.ts";
import { errnoOf, readAuthFileText } from "./auth-file-text.ts";
import { replaceIfStill, type WriteBackOutcome } from "./replace-file.ts";
import { unwritable } from "./write-codex-login.ts";

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
