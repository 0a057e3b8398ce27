import { randomBytes, scrypt, type ScryptOptions } from "node:crypto";
import { promisify } from "node:util";
import type { ScryptCost } from "../backup-format.ts";

/** 128 MiB and some tenths of a second for each guess at the passphrase. */
export const COST: ScryptCost = { N: 2 ** 17, r: 8, p: 1 };
const KEY_BYTES = 32;
const SALT_BYTES = 16;

/** A salt that nobody has used, in base64. */
export const newSalt = (): string => randomBytes(SALT_BYTES).toString("base64");

const scryptAsync = promisify<string, Buffer, number, ScryptOptions, Buffer>(scrypt);

/** The key of a passphrase, off the event loop. One passphrase may be typed in several Unicode forms. */
export const deriveKey = (passphrase: string, salt: string, { N, r, p }: ScryptCost): Promise<Buffer> =>
  scryptAsync(passphrase.normalize("NFC"), Buffer.from(salt, "base64"), KEY_BYTES, {
    N,
    r,
    p,
    maxmem: 256 * N * r,
  });
