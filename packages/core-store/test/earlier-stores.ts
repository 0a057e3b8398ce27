import { readFileSync } from "node:fs";
import { createCipheriv, scryptSync } from "node:crypto";

/** Stores of earlier plugins, made by hand, one per era and tool. */
export const EARLIER = [
  "v1-first",
  "v1-late",
  "baseline-v2",
  "account-list",
  "oc-codex",
  "codex-ma",
] as const;

export const earlierText = (name: (typeof EARLIER)[number]): string =>
  readFileSync(new URL(`earlier/${name}.json`, import.meta.url), "utf8");

export const earlierJson = (name: (typeof EARLIER)[number]): Record<string, unknown> =>
  JSON.parse(earlierText(name));

/** Encrypted as the baseline encrypts; a constant salt is good enough for a test. */
export function envelopeOf(text: string, passphrase: string, salt: string = "0123456789abcdef"): string {
  const iv = Buffer.from("abcdefghijkl");
  const cipher = createCipheriv("aes-256-gcm", scryptSync(passphrase, salt, 32), iv);
  const data = Buffer.concat([cipher.update(text, "utf8"), cipher.final()]);
  const parts = { salt: Buffer.from(salt), iv, tag: cipher.getAuthTag(), data };
  const base64 = Object.entries(parts).map(([name, bytes]) => [name, bytes.toString("base64")]);
  return JSON.stringify({ encrypted: true, version: 2, ...Object.fromEntries(base64) });
}
