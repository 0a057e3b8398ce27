// One process of the pool: waits for the start signal, probes the first account, says what came of it.
import { once } from "node:events";
import { accountsOf, epochMs } from "@open-multi-auth/domain";
import { openPool } from "../src/index.ts";
import { openLimits } from "../src/limits.ts";

const pool = (await openPool({ env: process.env }))._unsafeUnwrap();
const [account] = accountsOf(pool.store.state());
if (account === undefined) throw new Error("the store holds no account");

process.stdout.write("ready\n");
await once(process.stdin, "data");
const since = process.env["PROBE_UNLESS_SINCE"];
const { kind } = await openLimits(pool).probe(account.id, {
  maySpendQuota: false,
  ...(since !== undefined && { unlessSince: epochMs(Number(since)) }),
});
process.stdout.write(`${kind}\n`);
await pool.close();
process.stdin.destroy();
