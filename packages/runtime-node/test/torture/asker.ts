// A process of the pool that asks for one account's token as often as it is told to, four callers at once.
import { accountId } from "@open-multi-auth/domain";
import { createInterface } from "node:readline";
import { openPool } from "../../src/index.ts";

const pool = (await openPool({ env: process.env }))._unsafeUnwrap();
process.stdout.write("ready\n");
for await (const id of createInterface({ input: process.stdin })) {
  (await pool.store.reload())._unsafeUnwrap();
  process.stdout.write("asking\n");
  const asked = Array.from({ length: 4 }, () => pool.tokens.ensureFresh(accountId(id)));
  const answers = (await Promise.all(asked)).map((answer) =>
    answer.isOk() ? answer.value.fingerprint : answer.error.code,
  );
  process.stdout.write(`${JSON.stringify(answers)}\n`);
}
await pool.close();
