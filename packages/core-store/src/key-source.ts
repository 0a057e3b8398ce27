import type { Result } from "neverthrow";
import type { KeyError } from "./errors.ts";
import type { KeyHeader } from "./sealed-format.ts";

/** The key of a store, and how it can be had again. */
export interface StoreKey {
  readonly header: KeyHeader;
  /** 32 bytes. */
  readonly secret: Uint8Array;
}

/** Where the keys of encrypted files come from: a passphrase, the keychain of the operating system, a test. */
export interface KeySource {
  /**
   * The key that a file's header asks for. However often it is asked, a key is made once.
   *
   * @param file the file that is to be opened, for the message
   */
  unlock(header: KeyHeader, file: string): Promise<Result<StoreKey, KeyError>>;
}
