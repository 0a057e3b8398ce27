import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { scanText } from "./scan.ts";

/** As random as a real secret, and the same in every run. */
const random = (seed: string, length: number, encoding: "base64url" | "hex" = "base64url"): string =>
  ["a", "b", "c"]
    .map((part) => createHash("sha512").update(`${seed}${part}`).digest().toString(encoding))
    .join("")
    .slice(0, length);
const alphanumeric = (seed: string, length: number): string =>
  random(seed, 200)
    .replaceAll(/[^A-Za-z0-9]/g, "")
    .slice(0, length);
const json = (value: object): string => Buffer.from(JSON.stringify(value)).toString("base64url");
const jwt = (signature: string): string =>
  `${json({ alg: "RS256", typ: "JWT" })}.${json({ iss: "https://auth.example", exp: 1 })}.${signature}`;

const SECRETS: Record<string, (seed: string) => string> = {
  "JSON web token": (seed) => jwt(random(seed, 86)),
  "refresh token": (seed) => `rt_${random(seed, 43)}.${random(`${seed}2`, 43)}`,
  "API key": (seed) => `sk-proj-${alphanumeric(seed, 48)}`,
  "key of a local gateway": (seed) => `oma_${random(seed, 43)}`,
  "GitHub token": (seed) => `ghp_${alphanumeric(seed, 36)}`,
  "npm token": (seed) => `npm_${alphanumeric(seed, 36)}`,
};

describe("scanText", () => {
  it.each(Object.keys(SECRETS))("VAL-10: finds a %s wherever it stands, and tells the line only", (kind) => {
    const make = SECRETS[kind] ?? (() => "");
    for (const seed of Array.from({ length: 100 }, (_, index) => `${kind}${index}`)) {
      const secret = make(seed);
      expect(scanText(`first\n{"value":"${secret}"}\n`)).toEqual([{ kind, line: 2 }]);
      expect(JSON.stringify(scanText(secret))).not.toContain(secret);
    }
  });

  it("VAL-10: finds a private key", () => {
    const body = createHash("sha512").update("key").digest("base64");
    const [begin, end] = ["BEGIN", "END"].map((word) => `-----${word} PRIVATE KEY-----`);
    expect(scanText(`${begin}\n${body}\n${end}`)).toEqual([{ kind: "private key", line: 1 }]);
  });

  it.each([
    "rt_work_2_canary_that_is_long_enough_to_be_one",
    "sk-canary-environment-0123456789",
    jwt("signature-of-nobody-in-particular"),
    "refresh_token: present",
    "sk-xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
  ])("takes no token of a test for a secret: %s", (text) => {
    expect(scanText(text)).toEqual([]);
  });
});
