import { failure, type EpochMs } from "@open-multi-auth/domain";
import { err, ok, ResultAsync, type Result } from "neverthrow";
import { readFile, stat } from "node:fs/promises";
import type { EarlierStore, EarlierStoreError, PassedOver } from "../earlier-store.ts";
import { migrateStore } from "../migrations/migrate.ts";
import { earlierShape, isEnvelope } from "../migrations/shape.ts";
import type { Fields } from "../migrations/types.ts";
import { decryptEnvelope } from "./baseline-envelope.ts";
import { errnoOf } from "./fault.ts";

/** A store of a hundred accounts has less than one megabyte. */
const MAX_BYTES = 32 * 1024 * 1024;

/** The copies that earlier plugins keep beside their store, newest first. */
const COPIES = ["", ".lkg", ".bak"] as const;

/** What {@link readEarlierStore} needs. */
export interface EarlierStoreOptions {
  readonly path: string;
  /** The instant for what the store does not date. */
  readonly at: EpochMs;
  /** Asked once, when the store is encrypted; `undefined` when there is none. */
  readonly passphrase: () => Promise<string | undefined>;
}

/**
 * Reads an earlier plugin's store and migrates it in memory: the file itself, else its last known good copy, else
 * its backup. Nothing is written, nothing is locked.
 *
 * @returns the store and which file it came from; or why there is none
 */
export const readEarlierStore = (
  options: EarlierStoreOptions,
): ResultAsync<EarlierStore, EarlierStoreError> => new ResultAsync(read(options));

async function read({
  path,
  at,
  passphrase,
}: EarlierStoreOptions): Promise<Result<EarlierStore, EarlierStoreError>> {
  const passedOver: { file: string; why: PassedOver }[] = [];
  for (const file of COPIES.map((suffix) => path + suffix)) {
    const found = await jsonIn(file);
    const encrypted = "json" in found && isEnvelope(found.json);
    const opened = encrypted ? await open(file, found.json, passphrase) : ok(found);
    if (opened.isErr()) return err(opened.error);
    const migrated = "json" in opened.value ? migrateStore(opened.value.json, at) : undefined;
    if (migrated !== undefined) return ok({ ...migrated, file, encrypted, passedOver });
    passedOver.push({ file, why: "why" in opened.value ? opened.value.why : "unknown-shape" });
  }
  return err(unknown(path, passedOver));
}

/** Whether a file, or a copy beside it, is an earlier plugin's store, encrypted or not. */
export async function isEarlierStore(path: string): Promise<boolean> {
  for (const suffix of COPIES) {
    const found = await jsonIn(path + suffix);
    if ("json" in found && (isEnvelope(found.json) || earlierShape(found.json) !== undefined)) return true;
  }
  return false;
}

type Found = { readonly json: unknown } | { readonly why: PassedOver };

/** Through links too: people link their configuration. */
async function jsonIn(file: string): Promise<Found> {
  try {
    // Before reading: a pipe would block there.
    const stats = await stat(file);
    if (!stats.isFile()) return { why: "not-a-file" };
    if (stats.size > MAX_BYTES) return { why: "too-large" };
    return parsed(await readFile(file));
  } catch (thrown) {
    const errno = errnoOf(thrown);
    if (errno === "ENOENT" || errno === "ENOTDIR") return { why: "missing" };
    return { why: errno === "EACCES" || errno === "EPERM" ? "denied" : "unreadable" };
  }
}

function parsed(bytes: Uint8Array): Found {
  try {
    return { json: JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes)) };
  } catch {
    return { why: "not-json" };
  }
}

/** A wrong passphrase ends the search: falling back to an older plaintext copy would bring back older tokens. */
async function open(
  path: string,
  envelope: Fields,
  passphrase: () => Promise<string | undefined>,
): Promise<Result<Found, EarlierStoreError>> {
  const given = await passphrase();
  if (given === undefined || given === "") {
    return err(failure("EARLIER_STORE_ENCRYPTED", `${path} is encrypted with a passphrase`, { path }));
  }
  const decrypted = await decryptEnvelope(envelope, given);
  if (decrypted !== undefined) return ok(decrypted);
  const message = `the passphrase does not open ${path}, or the file was damaged`;
  return err(failure("EARLIER_PASSPHRASE_WRONG", message, { path }));
}

const WORDS: Readonly<Record<PassedOver, string>> = {
  missing: "does not exist",
  denied: "may not be read by this user",
  "not-a-file": "is not a file",
  "too-large": "is too large for a store",
  unreadable: "cannot be read",
  "not-json": "is not JSON",
  "unknown-shape": "is not a store of an earlier plugin",
};

/** Says why a file could not be used. */
export const whyPassedOver = ({ file, why }: EarlierStore["passedOver"][number]): string =>
  `${file} ${WORDS[why]}`;

function unknown(path: string, tried: EarlierStore["passedOver"]): EarlierStoreError {
  const there = tried.filter(({ why }) => why !== "missing");
  const told = there.length === 0 ? tried.slice(0, 1) : there;
  return failure("EARLIER_STORE_UNKNOWN", told.map(whyPassedOver).join("; "), { path, tried });
}
