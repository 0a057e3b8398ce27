// One process of the pool: opens the store, waits for the start signal, asks for the token 4 times at once.
import { createTokenSource } from "@open-multi-auth/auth-oauth";
import { openStore } from "@open-multi-auth/core-store/node";
import { accountsOf } from "@open-multi-auth/domain";
import { once } from "node:events";
import { fileLeases, storedCredentials } from "../src/credentials.ts";
import { fetchPort } from "../src/http.ts";
import { systemClock, systemRandom, systemTimers } from "../src/system.ts";

const [folder = "", issuerUrl = ""] = process.argv.slice(2);
const deps = { clock: systemClock, random: systemRandom };
const store = (await openStore({ folder, ...deps }))._unsafeUnwrap();
const tokens = createTokenSource({
  store: storedCredentials(store),
  lease: fileLeases(folder, deps),
  fetch: fetchPort(globalThis.fetch),
  clock: systemClock,
  timers: systemTimers,
  issuerUrl,
});
const [account] = accountsOf(store.state());
if (account === undefined) throw new Error("the store holds no account");

process.stdout.write("ready\n");
await once(process.stdin, "data");
const answers = await Promise.all(Array.from({ length: 4 }, () => tokens.ensureFresh(account.id)));
process.stdout.write(
  `${JSON.stringify(answers.map((answer) => (answer.isOk() ? answer.value : answer.error)))}\n`,
);
await store.close();
process.stdin.destroy();
