import { createDecipheriv, createHash, scrypt } from "node:crypto";
import { promisify } from "node:util";
import type { Fields } from "../migrations/types.ts";

const KEY_BYTES = 32;
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
export async function decryptEnvelope(envelope: Fields, passphrase: string): Promise<Decrypted> {
  const tag = bytesOf(envelope["tag"]);
  // A shorter one would be accepted, and is easier to forge.
  if (tag.length !== TAG_BYTES) return undefined;
  const key = await keyOf(passphrase, bytesOf(envelope["salt"]));
  try {
    const decipher = createDecipheriv("aes-256-gcm", key, bytesOf(envelope["iv"]));
    decipher.setAuthTag(tag);
    const text = Buffer.concat([decipher.update(bytesOf(envelope["data"])), decipher.final()]).toString(
      "utf8",
    );
    return { json: JSON.parse(text) };
  } catch {
    return undefined;
  }
}

/** A part that is missing is as good as an empty one: what was encrypted without it does not open. */
const bytesOf = (part: unknown): Buffer => Buffer.from(typeof part === "string" ? part : "", "base64");

function keyOf(passphrase: string, salt: Buffer): Promise<Buffer> {
  const name = createHash("sha256").update(salt).update("\0").update(passphrase).digest("hex");
  const known = keys.get(name) ?? derive(passphrase, salt);
  keys.set(name, known);
  return known;
}

const scryptAsync = promisify<string, Buffer, number, Buffer>(scrypt);

const derive = (passphrase: string, salt: Buffer): Promise<Buffer> =>
  scryptAsync(passphrase, salt, KEY_BYTES);
