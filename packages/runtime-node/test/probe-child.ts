// One process of the pool: waits for the start signal, probes the first account, says what came of it.
import { once } from "node:events";
import { accountsOf } from "@open-multi-auth/domain";
import { openPool } from "../src/index.ts";
import { openLimits } from "../src/limits.ts";

const pool = (await openPool({ env: process.env }))._unsafeUnwrap();
const [account] = accountsOf(pool.store.state());
if (account === undefined) throw new Error("the store holds no account");

process.stdout.write("ready\n");
await once(process.stdin, "data");
const { kind } = await openLimits(pool).probe(account.id, { maySpendQuota: false });
process.stdout.write(`${kind}\n`);
await pool.close();
process.stdin.destroy();
