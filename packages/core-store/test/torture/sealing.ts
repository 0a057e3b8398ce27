import { epochMs } from "@open-multi-auth/domain";
import { ok } from "neverthrow";
import { createKeySource, type Keychain } from "../../src/node/index.ts";
import { storeKey } from "../../src/node/store-key.ts";

const SECRET = "5a".repeat(32);

/** A keychain that has one secret, whatever the id: the same in every process of a test. */
const keychain: Keychain = { read: async () => ok(SECRET), keep: async () => ok() };

/** The key of that secret. */
export const KEY = storeKey({ source: "keychain", id: "0".repeat(32) }, Buffer.from(SECRET, "hex"));

/** Where that key comes from. */
export const KEYS = createKeySource({
  passphrase: async () => undefined,
  keychain,
  clock: { now: () => epochMs(Date.now()) },
});
