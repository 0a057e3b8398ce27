import { dirname } from "node:path";
import type { Clock, Random } from "@open-multi-auth/domain";
import { ResultAsync } from "neverthrow";
import type { KeyOrigin, StoreError } from "../errors.ts";
import type { KeySource, StoreKey } from "../key-source.ts";
import { parseSealed } from "../sealed-format.ts";
import { contextOf } from "./context.ts";
import { failureOf, isUnsafe } from "./fault.ts";
import { quarantineFolder } from "./quarantine.ts";
import { currentUid, readOwn } from "./safe-file.ts";
import { snapshotsOf } from "./snapshot-folder.ts";
import { sweep } from "./sweep.ts";
import { alignCopies, switchStore } from "./switch.ts";
import type { Switched } from "./switch-twins.ts";
import { twinsOf } from "./twins.ts";
import { whileLocked } from "./while-locked.ts";

/** What {@link encryptStore} and {@link decryptStore} need. */
export interface SwitchOptions {
  /** The store's file. */
  readonly file: string;
  /** What opens files that are encrypted already. */
  readonly keys: KeySource;
  readonly clock: Clock;
  readonly random: Random;
}

/**
 * Encrypts a store and every copy of it; nothing of them stays in the open. One that is encrypted already keeps its
 * key.
 *
 * @param options.key the new key: of a passphrase, or kept in the keychain
 * @returns what was rewritten and what could not be
 */
export const encryptStore = (
  options: SwitchOptions & { readonly key: StoreKey },
): ResultAsync<Switched, StoreError> => ResultAsync.fromPromise(switchTo(options.key, options), failureOf);

/**
 * Decrypts a store and every copy of it. Copies that another key opens stay as they are.
 *
 * @returns what was rewritten and what could not be
 */
export const decryptStore = (options: SwitchOptions): ResultAsync<Switched, StoreError> =>
  ResultAsync.fromPromise(switchTo(undefined, options), failureOf);

async function switchTo(key: StoreKey | undefined, options: SwitchOptions): Promise<Switched> {
  const { file } = options;
  const context = contextOf(options);
  // What a killed process left of a write may hold tokens, too.
  for (const folder of [dirname(file), snapshotsOf(file), quarantineFolder(file)])
    await sweep(folder, context);
  return whileLocked(file, undefined, context, () => switchStore(file, key, context));
}

/**
 * Gives every copy of a store the form that the store itself has: those in the open beside an encrypted store are
 * encrypted with its key, and encrypted ones beside a plain store are decrypted.
 *
 * @returns what was rewritten and what could not be
 */
export const alignStoreCopies = (options: SwitchOptions): ResultAsync<Switched, StoreError> => {
  const context = contextOf(options);
  const align = () => whileLocked(options.file, undefined, context, () => alignCopies(options.file, context));
  return ResultAsync.fromPromise(align(), failureOf).map(({ rewritten, untouched }) => ({
    rewritten,
    untouched,
  }));
};

/** How a store lies on the disk; nothing is opened for it. */
export interface Encryption {
  /** Where its key comes from; `off`: it is plain. */
  readonly store: KeyOrigin | "off";
  /** Copies of the other form: in the open beside an encrypted store, or encrypted beside a plain one. */
  readonly others: readonly string[];
}

/** Tells whether a store is encrypted, and whether all its copies are. */
export const encryptionOf = (file: string): ResultAsync<Encryption, StoreError> =>
  ResultAsync.fromPromise(inspect(file), failureOf);

async function inspect(file: string): Promise<Encryption> {
  const store = await originOf(file);
  const others: string[] = [];
  for (const twin of await twinsOf(file)) {
    if (((await originOf(twin)) === "off") !== (store === "off")) others.push(twin);
  }
  return { store, others };
}

/** A damaged seal shows nobody anything; what is no file of ours cannot be said to be encrypted. */
async function originOf(file: string): Promise<Encryption["store"]> {
  const bytes = await readOwn(file, currentUid()).catch(unlessUnsafe);
  const dress = bytes === undefined ? undefined : parseSealed(bytes);
  if (dress === undefined || dress.kind === "plain") return "off";
  return dress.kind === "sealed" ? dress.file.key.source : "passphrase";
}

function unlessUnsafe(thrown: unknown): undefined {
  if (!isUnsafe(thrown)) throw thrown;
}
