import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";
import type { StoreV2 } from "@open-multi-auth/domain";
import type { KeyError } from "../errors.ts";
import type { KeySource, StoreKey } from "../key-source.ts";
import { parseStore, type Parsed } from "../parse-store.ts";
import { authenticatedHeader, formatSealed, parseSealed, type SealedFile } from "../sealed-format.ts";
import { Fault } from "./fault.ts";

const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** The form that bytes take on disk: sealed under a key, or as they are without one. */
export function dressed(bytes: string | Uint8Array, key: StoreKey | undefined): string | Uint8Array {
  return key === undefined ? bytes : seal(bytes, key);
}

/** What is in a file, and the key that it is sealed under. */
export type Opened =
  | { readonly kind: "bytes"; readonly bytes: Uint8Array; readonly key: StoreKey | undefined }
  /** It was sealed and altered or cut short; with `key` that is certain, and not a wrong passphrase. */
  | { readonly kind: "damaged"; readonly key: StoreKey | undefined }
  | { readonly kind: "newer"; readonly version: number };

/**
 * Opens what a file holds.
 *
 * @throws {Fault} when it is sealed and the key is not to be had, or another one
 */
export async function openBytes(file: string, bytes: Uint8Array, keys: KeySource): Promise<Opened> {
  const dress = parseSealed(bytes);
  if (dress.kind === "plain") return { kind: "bytes", bytes, key: undefined };
  if (dress.kind === "damaged") return { kind: "damaged", key: undefined };
  if (dress.kind === "newer") return dress;
  const unlocked = await keys.unlock(dress.file.key, file);
  if (unlocked.isErr()) throw new Fault(unlocked.error);
  const inside = unseal(dress.file, unlocked.value);
  if (inside === undefined) return { kind: "damaged", key: unlocked.value };
  return { kind: "bytes", bytes: inside, key: unlocked.value };
}

/** Whether something failed only for want of a key. */
export const isKeyFault = (thrown: unknown): thrown is Fault =>
  thrown instanceof Fault && KEY_ERRORS.has(thrown.failure.code);

const KEY_ERRORS: ReadonlySet<string> = new Set<KeyError["code"]>([
  "STORE_SEALED",
  "STORE_KEY_WRONG",
  "KEYCHAIN_UNAVAILABLE",
]);

/** What a file is as a store, and the key that it is sealed under. */
export interface OpenedStore {
  readonly parsed: Parsed;
  readonly key: StoreKey | undefined;
}

/**
 * Opens a file that is to hold a store; see {@link openBytes}.
 *
 * @param before an earlier state of that store, whose accounts are taken over where they are the same
 */
export async function openStoreBytes(
  file: string,
  bytes: Uint8Array,
  keys: KeySource,
  before?: StoreV2,
): Promise<OpenedStore> {
  const opened = await openBytes(file, bytes, keys);
  if (opened.kind === "bytes") return { parsed: parseStore(opened.bytes, before), key: opened.key };
  if (opened.kind === "damaged") return { parsed: DAMAGED, key: opened.key };
  return { parsed: { kind: "foreign", shape: "newer", version: opened.version }, key: undefined };
}

const DAMAGED: Parsed = {
  kind: "corrupted",
  issue: { path: "", constraint: "is encrypted, and must be as it was written" },
  wasSealed: true,
};

function seal(bytes: string | Uint8Array, key: StoreKey): string {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv("aes-256-gcm", key.secret, nonce);
  cipher.setAAD(Buffer.from(authenticatedHeader(key.header)));
  const data = Buffer.concat([cipher.update(Buffer.from(bytes)), cipher.final()]).toString("base64");
  const tag = cipher.getAuthTag().toString("base64");
  return formatSealed({ key: key.header, nonce: nonce.toString("base64"), tag, data });
}

function unseal(file: SealedFile, { secret }: StoreKey): Buffer | undefined {
  const [nonceBytes, tagBytes, data] = [bytesIn(file.nonce), bytesIn(file.tag), bytesIn(file.data)];
  if (nonceBytes?.length !== NONCE_BYTES || tagBytes?.length !== TAG_BYTES || !data) return undefined;
  const decipher = createDecipheriv("aes-256-gcm", secret, nonceBytes, { authTagLength: TAG_BYTES });
  decipher.setAAD(Buffer.from(authenticatedHeader(file.key)));
  decipher.setAuthTag(tagBytes);
  try {
    return Buffer.concat([decipher.update(data), decipher.final()]);
  } catch {
    return undefined;
  }
}

/** The last character of base64 has bits that mean nothing; whatever we have not written is refused. */
function bytesIn(text: string): Buffer | undefined {
  const bytes = Buffer.from(text, "base64");
  return bytes.toString("base64") === text ? bytes : undefined;
}
