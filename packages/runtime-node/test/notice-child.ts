// One process of the pool that tells the person what happens, until its input ends.
import { once } from "node:events";
import { openPool, watchNotices } from "../src/index.ts";

const pool = (await openPool({ env: process.env }))._unsafeUnwrap();
const end = watchNotices(pool, {
  toast: (level, message) => void process.stdout.write(`${level} ${message}\n`),
});
process.stdout.write("ready\n");
process.stdin.resume();
await once(process.stdin, "end");
await end();
await pool.close();
