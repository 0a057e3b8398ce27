// Reads the file named in the arguments, refreshes its login once for 4 callers, and prints what came of it.
import { accountId, epochMs, newAccount, parseAlias, type Account } from "@open-multi-auth/domain";
import { okAsync } from "neverthrow";
import { createTokenSource } from "../src/index.ts";
import { createSharedFiles, readAuthFile } from "../src/node/index.ts";
import { realTimers } from "./real-timers.ts";
import { realFetch } from "./real-fetch.ts";

const [path = "", issuerUrl = ""] = process.argv.slice(2);
const [login] = (await readAuthFile(path, "codex-auth-json"))._unsafeUnwrap();
if (login === undefined) throw new Error("the file holds no login");

const now = epochMs(Date.now());
let account: Account = newAccount(accountId("acc-1"), parseAlias("work")._unsafeUnwrap(), login, now);
const tokens = createTokenSource({
  store: {
    account: () => ({
      ...account,
      expiresAt: account.lastRefresh === undefined ? epochMs(0) : account.expiresAt,
    }),
    reload: () => okAsync(undefined),
    saveRotated: (_id, _before, credential) => {
      account = { ...account, ...credential };
      return Promise.resolve();
    },
  },
  lease: { acquire: () => okAsync({ release: () => Promise.resolve() }) },
  sharedFiles: createSharedFiles(),
  fetch: realFetch(),
  clock: { now: () => epochMs(Date.now()) },
  timers: realTimers,
  issuerUrl,
});
const answers = await Promise.all(Array.from({ length: 4 }, () => tokens.ensureFresh(account.id)));
console.log(JSON.stringify(answers.map((answer) => answer._unsafeUnwrap())));
