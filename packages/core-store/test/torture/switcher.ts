// A process that encrypts or decrypts a store, telling each step, until it is killed or dies by itself.
import { readSync, writeSync } from "node:fs";
import { join } from "node:path";
import { epochMs } from "@open-multi-auth/domain";
import { decryptStore, encryptStore, openStore } from "../../src/node/index.ts";
import { KEY, KEYS } from "./sealing.ts";
import { intercept } from "./steps.ts";

/** The folder, what to do (`both`: again and again), and before which call to die or half through which write. */
const [folder = "", what = "", at = "", how = ""] = process.argv.slice(2);
const clock = { now: () => epochMs(Date.now()) };
const random = { next: Math.random };
const switching = { file: join(folder, "store.json"), keys: KEYS, clock, random };
let calls = 0;

await intercept(folder, async (step, run) => {
  const isLast = String(calls++) === at;
  if (isLast && how === "within") await run(step.data?.slice(0, step.data.length / 2));
  if (isLast) process.kill(process.pid, "SIGKILL");
  writeSync(1, `${step.name} ${step.file}\n`);
  return run();
});

// Started ahead of its time: what comes next must not wait for the imports.
readSync(0, Buffer.alloc(1));
if (what === "encrypt") (await encryptStore({ ...switching, key: KEY }))._unsafeUnwrap();
if (what === "decrypt") (await decryptStore(switching))._unsafeUnwrap();
while (what === "both") {
  const store = (await openStore({ folder, clock, random, keys: KEYS }))._unsafeUnwrap();
  (await store.close())._unsafeUnwrap();
  (await encryptStore({ ...switching, key: KEY }))._unsafeUnwrap();
  (await decryptStore(switching))._unsafeUnwrap();
}
