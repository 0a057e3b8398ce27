import { failure } from "@open-multi-auth/domain";
import { err, ok, type Result } from "neverthrow";
import { damaged, unsupportedBackup, type BackupError } from "./backup-errors.ts";

const FORMAT = "open-multi-auth-backup";
const VERSION = 1;

/** What scrypt is told of its cost: RFC 7914. */
export interface ScryptCost {
  readonly N: number;
  readonly r: number;
  readonly p: number;
}

/** A sealed text and all that opening it needs but the passphrase; bytes in base64. */
export interface Sealed {
  readonly cost: ScryptCost;
  readonly salt: string;
  readonly iv: string;
  readonly tag: string;
  readonly data: string;
}

/** The text of a backup file: a store in the open, or sealed. */
export type BackupFile = { readonly createdAt: string } & (
  | { readonly kind: "plain"; readonly store: unknown }
  | { readonly kind: "sealed"; readonly sealed: Sealed }
);

/** Writes a backup as the text of its file. */
export function formatBackup(file: BackupFile): string {
  const head = { format: FORMAT, version: VERSION, createdAt: file.createdAt };
  return `${JSON.stringify({ ...head, ...bodyOf(file) }, null, 2)}\n`;
}

function bodyOf(file: BackupFile): object {
  if (file.kind === "plain") return { store: file.store };
  const { cost, salt, iv, tag, data } = file.sealed;
  return { kdf: { name: "scrypt", ...cost, salt }, cipher: { name: "aes-256-gcm", iv, tag }, data };
}

/** What is authenticated beside the sealed text, so that no field of the file can be exchanged. */
export const authenticated = (createdAt: string, { N, r, p }: ScryptCost, salt: string): string =>
  JSON.stringify([FORMAT, VERSION, createdAt, "scrypt", N, r, p, salt, "aes-256-gcm"]);

/** Reads the text of a backup file. Nothing of the text is repeated in a failure. */
export function parseBackup(text: string): Result<BackupFile, BackupError> {
  const json = parseObject(text);
  if (json === undefined && text.includes(FORMAT)) return err(damaged("its text ends too early"));
  if (json?.["format"] !== FORMAT) {
    return err(failure("BACKUP_FOREIGN", "the file is not a backup of open-multi-auth", {}));
  }
  const { version, createdAt } = json;
  if (typeof version !== "number" || !Number.isInteger(version)) return err(damaged("it has no version"));
  if (version > VERSION) return err(unsupportedBackup(version));
  if (typeof createdAt !== "string") return err(damaged("it does not say when it was made"));
  if ("store" in json) return ok({ kind: "plain", createdAt, store: json["store"] });
  return sealedOf(json).map((sealed) => ({ kind: "sealed", createdAt, sealed }));
}

function sealedOf(json: Readonly<Record<string, unknown>>): Result<Sealed, BackupError> {
  const { data } = json;
  const { name: kdf, N, r, p, salt } = objectOf(json["kdf"]);
  const { name: cipher, iv, tag } = objectOf(json["cipher"]);
  if (kdf !== "scrypt" || cipher !== "aes-256-gcm") return err(damaged("it names no known encryption"));
  if (typeof N !== "number" || typeof r !== "number" || typeof p !== "number") {
    return err(damaged("the cost of its key is missing"));
  }
  if (!isAffordable({ N, r, p })) return err(damaged("the cost of its key is out of bounds"));
  if (!isBase64(salt) || !isBase64(iv) || !isBase64(tag) || !isBase64(data)) {
    return err(damaged("its sealed text is not base64"));
  }
  return ok({ cost: { N, r, p }, salt, iv, tag, data });
}

/** Whoever made the file must not choose how much memory and time opening it takes. */
export function isAffordable({ N, r, p }: ScryptCost): boolean {
  const isPowerOfTwo = Number.isInteger(Math.log2(N));
  const isWhole = Number.isInteger(r) && Number.isInteger(p);
  return (
    isPowerOfTwo && isWhole && N >= 2 ** 14 && N <= 2 ** 20 && r >= 8 && N * r <= 2 ** 23 && p >= 1 && p <= 4
  );
}

export const isBase64 = (value: unknown): value is string =>
  typeof value === "string" && /^[A-Za-z0-9+/]+={0,2}$/.test(value);

/** The JSON object in a text, if it is one. */
export function parseObject(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

export const objectOf = (value: unknown): Record<string, unknown> => (isObject(value) ? value : {});

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
