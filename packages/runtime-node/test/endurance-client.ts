import { accountId, epochMs, newAccount, parseAlias } from "@open-multi-auth/domain";
import { ok } from "neverthrow";
import { openPool, webResponse } from "../src/index.ts";
import { prompt } from "./rig.ts";

/** Sends very many requests in a row through a pool on disk, and tells what they left behind in memory. */
const REQUESTS = 20_000;
const WARM_UP = 4_000;
const ACCOUNTS = 10;

const ANSWER = ["response.created", "response.output_text.delta", "response.completed"]
  .map((type) => `event: ${type}\ndata: ${JSON.stringify({ type, delta: "ok" })}\n\n`)
  .join("");
const HEADERS = {
  "content-type": "text/event-stream",
  "x-codex-primary-used-percent": "20",
  "x-codex-primary-window-minutes": "300",
  "x-codex-secondary-used-percent": "40",
  "x-codex-secondary-window-minutes": "10080",
};

const pool = (
  await openPool({ env: process.env, fetch: async () => new Response(ANSWER, { headers: HEADERS }) })
)._unsafeUnwrap();
for (let number = 0; number < ACCOUNTS; number += 1) await link(`account-${number}`);
const serving = (await pool.serve())._unsafeUnwrap();

await ask(WARM_UP);
const before = await heap();
await ask(REQUESTS);
const after = await heap();
process.stdout.write(JSON.stringify({ requests: REQUESTS, grownBytes: after - before }));
(await pool.close())._unsafeUnwrap();

/** Each conversation has a few turns, as conversations have. */
async function ask(count: number): Promise<void> {
  for (let request = 0; request < count; request += 1) {
    const answer = await serving.handle(prompt(`ses_${count}_${Math.floor(request / 8)}`));
    await webResponse(answer._unsafeUnwrap()).text();
  }
}

async function heap(): Promise<number> {
  (await pool.flush())._unsafeUnwrap();
  for (let pass = 0; pass < 3; pass += 1) {
    await new Promise((resolve) => setImmediate(resolve));
    globalThis.gc?.();
  }
  return process.memoryUsage().heapUsed;
}

async function link(name: string): Promise<void> {
  const alias = parseAlias(name)._unsafeUnwrap();
  // As long as real ones.
  const login = {
    accessToken: name.padEnd(2_000, "x"),
    refreshToken: name.padEnd(90, "y"),
    expiresAt: epochMs(Date.now() + 86_400_000),
    source: "import" as const,
  };
  const account = newAccount(accountId(`id-${name}`), alias, login, epochMs(Date.now()));
  (
    await pool.store.update((store) => ok({ ...store, accounts: { ...store.accounts, [alias]: account } }))
  )._unsafeUnwrap();
}
