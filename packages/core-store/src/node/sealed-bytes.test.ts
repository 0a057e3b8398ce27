import { emptyStore } from "@open-multi-auth/domain";
import { assert, asyncProperty, dictionary, jsonValue, string, uint8Array } from "fast-check";
import { ok } from "neverthrow";
import { describe, expect, it } from "vitest";
import type { KeySource, StoreKey } from "../key-source.ts";
import { parseSealed } from "../sealed-format.ts";
import { dressed, openBytes, openStoreBytes } from "./sealed-bytes.ts";
import { keyFor, storeKey } from "./store-key.ts";

const FILE = "/home/me/store.json";
const master = new Uint8Array(32).fill(7);
const key = storeKey({ source: "keychain", id: "0".repeat(32) }, master);
const passphraseHeader = {
  source: "passphrase",
  cost: { N: 2 ** 14, r: 8, p: 1 },
  salt: "c2FsdHNhbHRzYWx0c2FsdA==",
} as const;

/** Gives the one key to whoever asks for any, so that only the seal itself can refuse. */
const always = (given: StoreKey): KeySource => ({ unlock: async () => ok(given) });
/** Gives the key to headers that it fits, and counts as wrong for the others. */
const fitting: KeySource = {
  unlock: async (header) => ok(keyFor(header, master) ?? storeKey({ source: "keychain", id: "1" }, master)),
};
const sealedBytes = (bytes: Uint8Array, by = key): Buffer => Buffer.from(dressed(bytes, by));

describe("a sealed file", () => {
  it("gives back any bytes, and shows none of them", async () => {
    await assert(
      asyncProperty(uint8Array({ minLength: 8, maxLength: 300 }), async (bytes) => {
        const sealed = sealedBytes(bytes);
        expect(sealed.includes(Buffer.from(bytes))).toBe(false);
        const opened = await openBytes(FILE, sealed, always(key));
        expect(opened).toMatchObject({ kind: "bytes", key });
        expect("bytes" in opened && Buffer.from(opened.bytes).equals(bytes)).toBe(true);
      }),
    );
  });

  it("gives back any store", async () => {
    await assert(
      asyncProperty(dictionary(string(), jsonValue()), async (extra) => {
        const store = { ...extra, ...emptyStore() };
        const sealed = sealedBytes(Buffer.from(JSON.stringify(store)));
        const { parsed } = await openStoreBytes(FILE, sealed, always(key));
        expect(parsed).toEqual({ kind: "store", store: JSON.parse(JSON.stringify(store)), broken: [] });
      }),
    );
  });

  it.each([
    ["the keychain", key],
    ["a passphrase", storeKey(passphraseHeader, master)],
  ])("is refused with any one bit of it flipped, its key from %s", async (_, by) => {
    const sealed = sealedBytes(Buffer.from(JSON.stringify(emptyStore())), by);
    const unnoticed: number[] = [];
    for (let bit = 0; bit < sealed.length * 8; bit += 1) {
      const flipped = Buffer.from(sealed);
      flipped[bit >> 3]! ^= 1 << (bit & 7);
      for (const keys of [always(by), fitting]) {
        const { parsed } = await openStoreBytes(FILE, flipped, keys);
        if (parsed.kind === "store" || parsed.kind === "empty") unnoticed.push(bit);
      }
    }
    expect(unnoticed).toEqual([]);
  });

  it("is known as damaged, cut short anywhere behind its name", () => {
    const sealed = sealedBytes(Buffer.from("{}"));
    for (let length = 60; length < sealed.length - 1; length += 1) {
      expect(parseSealed(sealed.subarray(0, length)).kind).toBe("damaged");
    }
  });

  it("never looks twice the same", () => {
    const bytes = Buffer.from("the same");
    expect(sealedBytes(bytes).equals(sealedBytes(bytes))).toBe(false);
  });

  it("leaves files alone that only speak of seals", () => {
    const text = JSON.stringify({ accounts: { "open-multi-auth-sealed": {} }, version: 2 });
    expect(parseSealed(Buffer.from(text))).toEqual({ kind: "plain" });
  });

  it("refuses a key whose making would take too much memory, and ids that are none", () => {
    const text = sealedBytes(Buffer.from("{}"), storeKey(passphraseHeader, master)).toString();
    expect(parseSealed(Buffer.from(text)).kind).toBe("sealed");
    expect(parseSealed(Buffer.from(text.replace('"N": 16384', '"N": 1073741824'))).kind).toBe("damaged");
    const named = sealedBytes(Buffer.from("{}"))
      .toString()
      .replace("0".repeat(32), `-${"0".repeat(31)}`);
    expect(parseSealed(Buffer.from(named)).kind).toBe("damaged");
  });
});
