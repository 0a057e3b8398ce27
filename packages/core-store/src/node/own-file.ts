import type { Clock, Random } from "@open-multi-auth/domain";
import { ResultAsync } from "neverthrow";
import type { StoreError } from "../errors.ts";
import { removeIfThere } from "./claim.ts";
import { contextOf } from "./context.ts";
import { failureOf } from "./fault.ts";
import { currentUid, readOwn } from "./safe-file.ts";
import { putFiles } from "./seal-file.ts";

/**
 * The text of a file of ours; undefined where there is none. Links, other users' files and what is no file are refused,
 * and a mode open to others is narrowed.
 */
export const readOwnFile = (path: string): ResultAsync<string | undefined, StoreError> =>
  ResultAsync.fromPromise(readOwn(path, currentUid()), failureOf).map(
    (bytes) => bytes && Buffer.from(bytes).toString("utf8"),
  );

/** Writes a file as a whole or not at all, 0600. The same kinds of path are refused. */
export const writeOwnFile = (
  path: string,
  text: string,
  deps: { readonly clock: Clock; readonly random: Random },
): ResultAsync<void, StoreError> =>
  ResultAsync.fromPromise(putFiles([{ path, text }], contextOf(deps)), failureOf);

/** Removes a file; it may be gone already. */
export const removeOwnFile = (path: string): ResultAsync<void, StoreError> =>
  ResultAsync.fromPromise(removeIfThere(path), failureOf);
