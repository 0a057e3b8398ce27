import type { Failure } from "@open-multi-auth/domain";
import type { Migrated } from "./migrations/types.ts";

/** Why a file of an earlier plugin's store was passed over for its next older copy. */
export type PassedOver =
  | "missing"
  | "denied"
  | "not-a-file"
  | "too-large"
  | "unreadable"
  | "not-json"
  | "unknown-shape";

/** An earlier plugin's store, read and migrated. */
export interface EarlierStore extends Migrated {
  /** The file that was used: the store itself, its last known good copy, or its backup. */
  readonly file: string;
  readonly encrypted: boolean;
  /** Files before it that could not be used, and why. */
  readonly passedOver: readonly { readonly file: string; readonly why: PassedOver }[];
}

/** Neither the file nor a copy beside it is an earlier plugin's store; `tried` says what each is instead. */
export type EarlierStoreUnknown = Failure<
  "EARLIER_STORE_UNKNOWN",
  { path: string; tried: EarlierStore["passedOver"] }
>;

/** The store is encrypted and nobody gave the passphrase; give it in the environment or on a terminal. */
export type EarlierStoreEncrypted = Failure<"EARLIER_STORE_ENCRYPTED", { path: string }>;

/** The passphrase does not open the store, or the store was damaged; nothing was changed. */
export type EarlierPassphraseWrong = Failure<"EARLIER_PASSPHRASE_WRONG", { path: string }>;

/** Everything that can go wrong with reading an earlier plugin's store. */
export type EarlierStoreError = EarlierStoreUnknown | EarlierStoreEncrypted | EarlierPassphraseWrong;
