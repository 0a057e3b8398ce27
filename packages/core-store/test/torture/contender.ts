// A process that counts up in a store beside others, or that takes the store's lock and keeps it.
import { readSync } from "node:fs";
import { join } from "node:path";
import { epochMs } from "@open-multi-auth/domain";
import { ok } from "neverthrow";
import { createFileLock, openStore } from "../../src/node/index.ts";

const [folder = "", role = "", times = "0"] = process.argv.slice(2);
const deps = { clock: { now: () => epochMs(Date.now()) }, random: { next: Math.random } };
const waitForGo = (): unknown => readSync(0, Buffer.alloc(1));
const tell = (...words: readonly string[]): unknown => process.stdout.write(`${words.join(" ")}\n`);

if (role === "hold") await hold();
else await count();

async function hold(): Promise<void> {
  const lock = createFileLock(join(folder, "store.json.lock"), deps);
  waitForGo();
  const held = await lock.acquire({ deadlineMs: 10_000 });
  tell(held.isOk() ? "held" : held.error.code);
  setInterval(() => undefined, 60_000);
}

async function count(): Promise<void> {
  const store = (await openStore({ folder, ...deps }))._unsafeUnwrap();
  tell("ready");
  waitForGo();
  const failures: string[] = [];
  for (let left = Number(times); left > 0; left -= 1) {
    const result = await store.update((state) =>
      ok({ ...state, rotation: { ...state.rotation, cursor: state.rotation.cursor + 1 } }),
    );
    if (result.isErr()) failures.push(result.error.code);
  }
  await store.close();
  tell("failures", ...failures);
}
