import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils.js";

/**
 * Tells secrets apart without showing them: the first 16 hex digits of the SHA-256.
 *
 * Synchronous, so that it can be compared inside a store change; safe to log and to keep.
 */
export function fingerprint(secret: string): string {
  return bytesToHex(sha256(utf8ToBytes(secret))).slice(0, 16);
}
