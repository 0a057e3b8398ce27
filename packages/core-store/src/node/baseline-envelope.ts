import { createDecipheriv, createHash, scrypt } from "node:crypto";
import { promisify } from "node:util";
import { isEnvelope } from "../migrations/shape.ts";
import { isFields } from "../migrations/values.ts";

const KEY_BYTES = 32;
const IV_BYTES = 12;
const TAG_BYTES = 16;

/** Deriving takes half a second on purpose, so a key is derived once per process. */
const keys = new Map<string, Promise<Buffer>>();

/** `undefined`: the passphrase is wrong or the content was damaged, which cannot be told apart. */
export type Decrypted = { readonly json: unknown } | undefined;

/**
 * Decrypts a store that the baseline wrote with a passphrase: AES-256-GCM, the key by scrypt with Node's defaults.
 *
 * @param passphrase as it was given to the baseline, spaces around it and all
 */
export async function decryptEnvelope(envelope: unknown, passphrase: string): Promise<Decrypted> {
  const parts = partsOf(envelope);
  if (parts === undefined) return undefined;
  const key = await keyOf(passphrase, parts.salt);
  try {
    const decipher = createDecipheriv("aes-256-gcm", key, parts.iv, { authTagLength: TAG_BYTES });
    decipher.setAuthTag(parts.tag);
    const text = Buffer.concat([decipher.update(parts.data), decipher.final()]).toString("utf8");
    return { json: JSON.parse(text) };
  } catch {
    return undefined;
  }
}

interface Parts {
  readonly salt: Buffer;
  readonly iv: Buffer;
  readonly tag: Buffer;
  readonly data: Buffer;
}

function partsOf(envelope: unknown): Parts | undefined {
  if (!isEnvelope(envelope) || !isFields(envelope)) return undefined;
  const [salt, iv, tag, data] = ["salt", "iv", "tag", "data"].map((name) => bytesOf(envelope[name]));
  if (salt === undefined || iv === undefined || tag === undefined || data === undefined) return undefined;
  return iv.length === IV_BYTES && tag.length === TAG_BYTES ? { salt, iv, tag, data } : undefined;
}

const bytesOf = (value: unknown): Buffer | undefined =>
  typeof value === "string" ? Buffer.from(value, "base64") : undefined;

function keyOf(passphrase: string, salt: Buffer): Promise<Buffer> {
  const name = createHash("sha256").update(salt).update("\0").update(passphrase).digest("hex");
  const known = keys.get(name) ?? derive(passphrase, salt);
  keys.set(name, known);
  return known;
}

const scryptAsync = promisify<string, Buffer, number, Buffer>(scrypt);

const derive = (passphrase: string, salt: Buffer): Promise<Buffer> =>
  scryptAsync(passphrase, salt, KEY_BYTES);
