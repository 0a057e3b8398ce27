import { disableAccount } from "@open-multi-auth/domain";
import { openPool, systemClock } from "../src/index.ts";
import { prompt } from "./rig.ts";

/** Another process of the same person: does one thing, tells when it was on disk, and goes. */
const [, , what] = process.argv;
const pool = (await openPool({ env: process.env }))._unsafeUnwrap();
if (what === "disable") {
  const now = systemClock.now();
  (
    await pool.store.update((store) => disableAccount(store, "work", { actor: { via: "cli" }, now }))
  )._unsafeUnwrap();
} else {
  const serving = (await pool.serve())._unsafeUnwrap();
  // A refusal is an outcome too: its cooldowns count.
  await serving.handle(prompt()).map((answer) => answer.text());
}
(await pool.store.flush())._unsafeUnwrap();
process.stdout.write(`${Date.now()}\n`);
(await pool.close())._unsafeUnwrap();
