import { readFile, stat } from "node:fs/promises";
import { resolve } from "node:path";
import { failure, messageOf, type Clock, type Random, type StoreV2 } from "@open-multi-auth/domain";
import { err, ok, ResultAsync, type Result } from "neverthrow";
import { damaged, unsupportedBackup, type BackupError } from "../backup-errors.ts";
import { formatBackup, parseBackup, type BackupFile } from "../backup-format.ts";
import type { StoreError } from "../errors.ts";
import { parseStore } from "../parse-store.ts";
import { contextOf } from "./context.ts";
import { errnoOf, failureOf } from "./fault.ts";
import { putFiles } from "./seal-file.ts";
import { seal, unseal } from "./seal.ts";

/** Far more than a store of a hundred accounts in base64. */
const MAX_BYTES = 64 * 2 ** 20;

/** What {@link writeBackup} needs. */
export interface WriteBackupOptions {
  readonly path: string;
  readonly store: StoreV2;
  /** Without one the backup holds every login in the open. */
  readonly passphrase: string | undefined;
  readonly clock: Clock;
  readonly random: Random;
}

/**
 * Writes a backup: 0600, and as a whole or not at all.
 *
 * @returns nothing, or why the system or the path refused; a file that was there is as it was then
 */
export const writeBackup = (options: WriteBackupOptions): ResultAsync<void, StoreError> =>
  ResultAsync.fromPromise(write(options), failureOf);

/** The text of a backup file. */
export async function backupText({
  store,
  passphrase,
  clock,
}: Pick<WriteBackupOptions, "store" | "passphrase" | "clock">): Promise<string> {
  const createdAt = new Date(clock.now()).toISOString();
  return formatBackup(
    passphrase === undefined
      ? { kind: "plain", createdAt, store }
      : { kind: "sealed", createdAt, sealed: await seal(JSON.stringify(store), passphrase, createdAt) },
  );
}

async function write({ path, ...deps }: WriteBackupOptions): Promise<void> {
  await putFiles([{ path: resolve(path), text: await backupText(deps) }], contextOf(deps));
}

/**
 * Reads a backup file without opening it: whether it needs a passphrase is seen from `kind`.
 *
 * @returns the file, `BACKUP_UNREADABLE`, `BACKUP_FOREIGN`, `BACKUP_DAMAGED` or `BACKUP_UNSUPPORTED`
 */
export const readBackup = (path: string): ResultAsync<BackupFile, BackupError> =>
  new ResultAsync(readText(path)).andThen(parseBackup);

async function readText(path: string): Promise<Result<string, BackupError>> {
  try {
    if ((await stat(path)).size > MAX_BYTES) return err(damaged("it is larger than any backup"));
    return ok(await readFile(path, "utf8"));
  } catch (thrown) {
    const errno = errnoOf(thrown);
    if (errno === undefined) throw thrown;
    return err(failure("BACKUP_UNREADABLE", `cannot read ${path}: ${messageOf(thrown)}`, { path, errno }));
  }
}

/**
 * The store inside a backup: wholly valid, or not given at all.
 *
 * @returns the store, `PASSPHRASE_NEEDED`, `PASSPHRASE_WRONG`, `BACKUP_DAMAGED`, `BACKUP_INVALID` with the path of
 * the field, or `BACKUP_UNSUPPORTED`
 */
export const openBackup = (
  file: BackupFile,
  passphrase: string | undefined,
): ResultAsync<StoreV2, BackupError> => new ResultAsync(bytesIn(file, passphrase)).andThen(storeIn);

async function bytesIn(
  file: BackupFile,
  passphrase: string | undefined,
): Promise<Result<Uint8Array, BackupError>> {
  if (file.kind === "plain") return ok(Buffer.from(JSON.stringify(file.store)));
  if (passphrase === undefined) {
    return err(failure("PASSPHRASE_NEEDED", "the backup is encrypted", {}));
  }
  return unseal(file.sealed, passphrase, file.createdAt);
}

function storeIn(bytes: Uint8Array): Result<StoreV2, BackupError> {
  const parsed = parseStore(bytes);
  if (parsed.kind === "store") {
    const issue = parsed.broken[0]?.issues[0];
    return issue === undefined ? ok(parsed.store) : err(invalid(issue.path, issue.constraint));
  }
  if (parsed.kind === "corrupted") return err(invalid(parsed.issue.path, parsed.issue.constraint));
  if (parsed.kind === "foreign" && parsed.version !== undefined)
    return err(unsupportedBackup(parsed.version));
  return err(invalid("", "must be a store of version 2"));
}

const invalid = (path: string, constraint: string): BackupError =>
  failure("BACKUP_INVALID", `the backup holds no valid store: ${path || "it"} ${constraint}`, {
    path,
    constraint,
  });
