import { isAffordable, isBase64, objectOf, parseObject, type ScryptCost } from "./backup-format.ts";

const FORMAT = "open-multi-auth-sealed";
/** Above that of every plain store: a program that knows no sealed files calls it newer, and leaves it alone. */
const VERSION = 3;
/** Our own files say within their first line what they are. */
const HEAD_BYTES = 256;

/** How the key of a file can be had again, and by what it is known to be the right one. */
export type KeyHeader = { readonly check: string } & (
  | { readonly source: "passphrase"; readonly cost: ScryptCost; readonly salt: string }
  | { readonly source: "keychain"; readonly id: string }
);

/** A file that only its key opens; bytes in base64. */
export interface SealedFile {
  readonly key: KeyHeader;
  readonly nonce: string;
  readonly tag: string;
  readonly data: string;
}

/** What bytes are before anybody opens them. */
export type Dress =
  | { readonly kind: "plain" }
  | { readonly kind: "sealed"; readonly file: SealedFile }
  | { readonly kind: "newer"; readonly version: number }
  /** It was sealed once, and its header cannot be read any more. */
  | { readonly kind: "damaged" };

/** Writes a sealed file as text. */
export function formatSealed({ key, nonce, tag, data }: SealedFile): string {
  const cipher = { name: "aes-256-gcm", nonce, tag };
  return `${JSON.stringify({ format: FORMAT, version: VERSION, key: headerFields(key), cipher, data }, null, 2)}\n`;
}

/** What is authenticated beside the content, so that no field of the header can be exchanged. */
export const authenticatedHeader = (key: KeyHeader): string =>
  JSON.stringify([FORMAT, VERSION, Object.entries(headerFields(key)), "aes-256-gcm"]);

/** Tells what bytes are. A plain file costs a look at its beginning. */
export function parseSealed(bytes: Uint8Array): Dress {
  if (!new TextDecoder().decode(bytes.subarray(0, HEAD_BYTES)).includes(FORMAT)) return { kind: "plain" };
  const json = parseObject(new TextDecoder().decode(bytes));
  if (json === undefined) return { kind: "damaged" };
  const { format, version } = json;
  if (format !== FORMAT) return { kind: "plain" };
  if (typeof version === "number" && version > VERSION) return { kind: "newer", version };
  const file = version === VERSION ? fileOf(json) : undefined;
  return file === undefined ? { kind: "damaged" } : { kind: "sealed", file };
}

function headerFields(key: KeyHeader): object {
  const { source, check } = key;
  if (key.source === "keychain") return { source, id: key.id, check };
  return { source, kdf: "scrypt", ...key.cost, salt: key.salt, check };
}

function fileOf(json: Readonly<Record<string, unknown>>): SealedFile | undefined {
  const { data } = json;
  const { name, nonce, tag } = objectOf(json["cipher"]);
  const key = headerOf(objectOf(json["key"]));
  if (key === undefined || name !== "aes-256-gcm") return undefined;
  return isBase64(nonce) && isBase64(tag) && isBase64(data) ? { key, nonce, tag, data } : undefined;
}

function headerOf({ source, check, ...fields }: Record<string, unknown>): KeyHeader | undefined {
  if (!isBase64(check)) return undefined;
  const { id, kdf, N, r, p, salt } = fields;
  if (source === "keychain") return isId(id) ? { source, id, check } : undefined;
  if (source !== "passphrase" || kdf !== "scrypt" || !isBase64(salt)) return undefined;
  if (typeof N !== "number" || typeof r !== "number" || typeof p !== "number") return undefined;
  return isAffordable({ N, r, p }) ? { source, cost: { N, r, p }, salt, check } : undefined;
}

/** It becomes an argument of other programs. */
const isId = (value: unknown): value is string => typeof value === "string" && /^[0-9a-f]{32}$/.test(value);
