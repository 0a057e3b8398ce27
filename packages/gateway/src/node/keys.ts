import { hash, timingSafeEqual } from "node:crypto";
import type { IncomingHttpHeaders } from "node:http";

/** As long as no key ever is. */
const LONGEST = 256;
const KEY_BYTES = 32;

/**
 * Makes a key that opens a gateway.
 *
 * @param randomBytes a source that nobody can guess
 */
export function mintKey(randomBytes: (size: number) => Buffer): string {
  return `oma_${randomBytes(KEY_BYTES).toString("base64url")}`;
}

/** What is kept of a key: enough to know it again, nothing to use it by. It has too much chance in it to need a slow digest. */
export function keyDigest(key: string): string {
  return hash("sha256", key, "hex");
}

/** Tells whether a request brings a key, in time that says nothing of any. */
export function createKeyCheck(digests: () => readonly string[]): (headers: IncomingHttpHeaders) => boolean {
  let seen: readonly string[] = [];
  let known: readonly Buffer[] = [];
  return (headers) => {
    const now = digests();
    if (now !== seen) {
      seen = now;
      known = now.map((digest) => Buffer.from(digest, "hex"));
    }
    // A client may have to send another service's credential in the one place: the other is ours then.
    return isKnown(bearer(headers.authorization), known) || isKnown(headers["x-api-key"], known);
  };
}

function isKnown(key: string | string[] | undefined, known: readonly Buffer[]): boolean {
  if (typeof key !== "string" || key === "" || key.length > LONGEST) return false;
  const digest = hash("sha256", key, "buffer");
  let found = false;
  for (const one of known) found = (one.length === digest.length && timingSafeEqual(one, digest)) || found;
  return found;
}

function bearer(authorization: string | undefined): string | undefined {
  return authorization === undefined ? undefined : /^Bearer +(\S+)$/i.exec(authorization)?.[1];
}
