import { once } from "node:events";
import { createFileLock } from "@open-multi-auth/core-store/node";
import { disableAccount, enableAccount } from "@open-multi-auth/domain";
import { openPool, systemClock, systemRandom, webResponse } from "../src/index.ts";
import { prompt } from "./rig.ts";

/** Another process of the same person: does one thing, tells when it was on disk, and goes. */
const [, , what, ...names] = process.argv;
if (what === "hold") await hold(names);
if (what === "ask-and-tell") await askAndTell();
const pool = (await openPool({ env: process.env }))._unsafeUnwrap();
if (what === "disable" || what === "enable") {
  const change = what === "disable" ? disableAccount : enableAccount;
  const by = { actor: { via: "cli" as const }, now: systemClock.now() };
  (await pool.store.update((store) => change(store, "work", by)))._unsafeUnwrap();
} else {
  const serving = (await pool.serve())._unsafeUnwrap();
  // A refusal is an outcome too: its cooldowns count.
  await serving.handle(prompt()).map((answer) => webResponse(answer).text());
}
(await pool.store.flush())._unsafeUnwrap();
process.stdout.write(`${Date.now()}\n`);
(await pool.close())._unsafeUnwrap();

/** Sends one prompt, and tells what came of it and what went wrong beside it. */
async function askAndTell(): Promise<never> {
  const problems: string[] = [];
  const onProblem = ({ code }: { code: string }) => void problems.push(code);
  const asking = (await openPool({ env: process.env, onProblem }))._unsafeUnwrap();
  const answer = await (await asking.serve())._unsafeUnwrap().handle(prompt());
  const text = answer.isOk() ? await webResponse(answer.value).text() : answer.error.message;
  process.stdout.write(JSON.stringify({ text, problems }));
  return process.exit();
}

/** Takes these locks, tells so, and keeps them until it is told to go. */
async function hold(locks: readonly string[]): Promise<never> {
  for (const path of locks) {
    const lock = createFileLock(path, { clock: systemClock, random: systemRandom });
    const held = (await lock.acquire({ deadlineMs: 1_000 }))._unsafeUnwrap();
    process.stdin.on("end", () => void held.release());
  }
  process.stdout.write("held\n");
  process.stdin.resume();
  await once(process.stdin, "close");
  return process.exit();
}
