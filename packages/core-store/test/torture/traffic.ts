// A process under constant traffic: it counts up in memory, tells each count and when, until somebody kills it.
import { readSync, writeSync } from "node:fs";
import { epochMs } from "@open-multi-auth/domain";
import { openStore } from "../../src/node/index.ts";

const EVERY_MS = 5;
const [folder = ""] = process.argv.slice(2);
readSync(0, Buffer.alloc(1));
const opened = await openStore({
  folder,
  clock: { now: () => epochMs(Date.now()) },
  random: { next: Math.random },
});
const store = opened._unsafeUnwrap();

setInterval(() => {
  store.apply(
    (state) => ({ ...state, rotation: { ...state.rotation, cursor: state.rotation.cursor + 1 } }),
    "soon",
  );
  // One call, so that what was told was told even when the process dies right after.
  writeSync(1, `${store.state().rotation.cursor} ${Date.now()}\n`);
}, EVERY_MS);
