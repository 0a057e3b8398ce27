import { createHmac, timingSafeEqual } from "node:crypto";
import type { StoreKey } from "../key-source.ts";
import type { KeyHeader } from "../sealed-format.ts";
import { COST, deriveKey, newSalt } from "./derive-key.ts";

const CHECK_BYTES = 16;

type Unchecked<Header = KeyHeader> = Header extends KeyHeader ? Omit<Header, "check"> : never;

/** A new key of a passphrase. */
export async function passphraseKey(passphrase: string): Promise<StoreKey> {
  const salt = newSalt();
  return storeKey({ source: "passphrase", cost: COST, salt }, await deriveKey(passphrase, salt, COST));
}

/**
 * The key of a store, made of its master secret: one half encrypts, the other shows that it is the right one. So a
 * wrong passphrase is never taken for a damaged file.
 */
export function storeKey(header: Unchecked, master: Uint8Array): StoreKey {
  const check = subkey(master, "open-multi-auth key check").subarray(0, CHECK_BYTES).toString("base64");
  return { header: { ...header, check }, secret: subkey(master, "open-multi-auth store encryption") };
}

/** The key that a header asks for, or nothing where the master secret is another one's. */
export function keyFor(header: KeyHeader, master: Uint8Array): StoreKey | undefined {
  const key = storeKey(header, master);
  const [wanted, made] = [Buffer.from(header.check), Buffer.from(key.header.check)];
  return wanted.length === made.length && timingSafeEqual(wanted, made) ? key : undefined;
}

/** Whether two files are sealed alike, or both plain. */
export const sameKey = (a: StoreKey | undefined, b: StoreKey | undefined): boolean =>
  a?.header.check === b?.header.check;

const subkey = (master: Uint8Array, label: string): Buffer =>
  createHmac("sha256", master).update(label).digest();
