// A process that rotates a refresh token again and again, telling each step, until somebody kills it.
import { readSync, writeSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { setTimeout as pause } from "node:timers/promises";
import { epochMs } from "@open-multi-auth/domain";
import { ok } from "neverthrow";
import { openStore } from "../../src/node/index.ts";
import { bystandersIn, rotated, rotationOf } from "./rotation.ts";
import { intercept } from "./steps.ts";

const SETTLED_MS = 2000;
/** The folder, and where to die by itself: at which call of its writes, before it or half through it. */
const [folder = "", at = "", how = ""] = process.argv.slice(2);
let calls = 0;
let writing = false;

/** One call, so that what was told was told even when the process dies right after. */
const tell = (...words: readonly (string | number)[]): void => {
  writeSync(1, `${words.join(" ")}\n`);
};

await intercept(folder, async (step, run) => {
  const isLast = writing && String(calls++) === at;
  if (isLast && how === "before") die();
  const result = await run(isLast ? step.data?.slice(0, step.data.length / 2) : undefined);
  if (isLast) die();
  tell("step", step.name, step.file);
  return result;
});

// Started ahead of its time: what comes next must not wait for the imports.
readSync(0, Buffer.alloc(1));
const opened = await openStore({
  folder,
  clock: { now: () => epochMs(Date.now()) },
  random: { next: Math.random },
});
const store = opened._unsafeUnwrap();
let number = rotationOf(store.state());
tell("opened", number, bystandersIn(store.state()), (await leftovers()).join(",") || "-");

writing = true;
for (;;) {
  number += 1;
  tell("begin", number);
  (await store.update((state) => ok(rotated(state, number))))._unsafeUnwrap();
  tell("done", number);
  // Without a pause the lock would stay taken.
  await store.flush();
}

function die(): void {
  process.kill(process.pid, "SIGKILL");
}

/** What stands beside the store when everything that opening began is over. */
async function leftovers(): Promise<readonly string[]> {
  const deadline = performance.now() + SETTLED_MS;
  for (;;) {
    const names = (await readdir(folder)).filter((name) => !/^store\.json(\.lkg)?$/.test(name));
    if (names.length === 0 || performance.now() > deadline) return names;
    await pause(2);
  }
}
