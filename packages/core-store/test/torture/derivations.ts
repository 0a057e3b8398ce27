// A process that opens an encrypted store, works on it, and tells how often it made a key of the passphrase.
import crypto from "node:crypto";
import { readSync } from "node:fs";
import { syncBuiltinESMExports } from "node:module";
import { epochMs, type StoreV2 } from "@open-multi-auth/domain";
import { ok } from "neverthrow";

const [folder = "", passphrase = ""] = process.argv.slice(2);
let derivations = 0;
crypto.scrypt = new Proxy(crypto.scrypt, {
  apply: (scrypt, self, args) => {
    derivations += 1;
    return Reflect.apply(scrypt, self, args);
  },
});
syncBuiltinESMExports();
readSync(0, Buffer.alloc(1));

const { createKeychain, createKeySource, openStore } = await import("../../src/node/index.ts");
const clock = { now: () => epochMs(Date.now()) };
const keychain = createKeychain("linux", async () => ({ kind: "missing" }));
const keys = createKeySource({ passphrase: async () => passphrase, keychain, clock });
const options = { folder, clock, random: { next: Math.random }, keys };
const plusOne = (store: StoreV2): StoreV2 => ({
  ...store,
  rotation: { ...store.rotation, cursor: store.rotation.cursor + 1 },
});

const store = (await openStore(options))._unsafeUnwrap();
const other = (await openStore(options))._unsafeUnwrap();
console.log("opened", derivations);
for (let count = 0; count < 50; count += 1) {
  // What requests do: they read memory, and leave their bookkeeping behind.
  store.state();
  store.apply(plusOne, "soon");
  store.apply(plusOne, "now");
  (await other.update((state) => ok(plusOne(state))))._unsafeUnwrap();
  (await store.reload())._unsafeUnwrap();
}
(await store.close())._unsafeUnwrap();
(await other.close())._unsafeUnwrap();
console.log("worked", derivations);
