// A process of the pool that renews its accounts ahead of their end, in a time that runs faster, until its input ends.
import { createTokenSource, keepRenewed } from "@open-multi-auth/auth-oauth";
import { openStore } from "@open-multi-auth/core-store/node";
import { accountsOf, epochMs } from "@open-multi-auth/domain";
import { once } from "node:events";
import { fileLeases, storedCredentials } from "../src/credentials.ts";
import { fetchPort } from "../src/http.ts";
import { systemClock, systemRandom, systemTimers } from "../src/system.ts";

const [folder = "", issuerUrl = "", start = "", speed = ""] = process.argv.slice(2);
const clock = { now: () => epochMs(Number(start) + (Date.now() - Number(start)) * Number(speed)) };
const timers = {
  after: (ms: number, run: () => void) => systemTimers.after(ms / Number(speed), run),
  pause: (ms: number) => systemTimers.pause(ms / Number(speed)),
};
const store = (await openStore({ folder, clock: systemClock, random: systemRandom }))._unsafeUnwrap();
const source = createTokenSource({
  store: storedCredentials(store),
  lease: fileLeases(folder, { clock: systemClock, random: systemRandom }),
  fetch: fetchPort(globalThis.fetch),
  clock,
  timers: { ...timers, after: (ms, run) => systemTimers.after(ms, run) },
  issuerUrl,
});
const end = keepRenewed({
  accounts: () => accountsOf(store.state()),
  subscribe: (listener) => store.subscribe(listener),
  renew: (id) => source.renew(id),
  clock,
  random: systemRandom,
  timers,
  onFailure: ({ accountId: id, error }) => process.stderr.write(`${id} ${error.code} ${error.message}\n`),
});
process.stdout.write("ready\n");
await once(process.stdin.resume(), "end");
end();
await source.settled();
await store.close();
process.exit();
