import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Loaded, Subject } from "../subject.ts";
import { openCodeLogin, openCodeInput } from "./host.ts";

/** The parts of ndycode/oc-codex-multi-auth 6.14 that are driven. */
interface Plugin {
  default(input: object): Promise<{
    auth: { loader(getAuth: () => Promise<object>, provider: object): Promise<Loaded> };
  }>;
}
interface Storage {
  saveAccounts(storage: Accounts): Promise<void>;
  loadAccounts(): Promise<Accounts | null>;
  withAccountStorageTransaction(
    change: (current: Accounts | null, persist: (next: Accounts) => Promise<void>) => Promise<void>,
  ): Promise<void>;
}
interface Accounts {
  readonly version: 3;
  readonly accounts: readonly {
    readonly accountLabel?: string;
    readonly refreshToken: string;
    lastUsed: number;
  }[];
  readonly activeIndex: number;
}

/** Opens the plugin that was built in a clone. Its only number of an account that lasts is `lastUsed`. */
export async function openNdycode(clone: string): Promise<Subject> {
  const load = async <T>(file: string): Promise<T> =>
    (await import(pathToFileURL(join(clone, "dist", file)).href)) as T;
  const storage = await load<Storage>("lib/storage.js");
  return {
    async seed(accounts) {
      const entries = accounts.map(({ alias, tokens, email, accountId }) => ({
        accountLabel: alias,
        accountId,
        accountIdSource: "token",
        email,
        refreshToken: tokens.refreshToken,
        accessToken: tokens.accessToken,
        expiresAt: tokens.expiresAt,
        enabled: true,
        addedAt: 0,
        lastUsed: 0,
      }));
      await storage.saveAccounts({ version: 3, accounts: entries, activeIndex: 0 });
    },
    async openFetch(signedIn) {
      const plugin = await load<Plugin>("index.js");
      const { auth } = await plugin.default(openCodeInput());
      const { fetch, baseURL } = await auth.loader(openCodeLogin(signedIn), { options: {}, models: {} });
      if (fetch === undefined) throw new Error("the plugin gave no fetch");
      return { fetch, url: `${baseURL}/responses` };
    },
    countUp: (alias) =>
      storage.withAccountStorageTransaction(async (current, persist) => {
        const account = current?.accounts.find(({ accountLabel }) => accountLabel === alias);
        if (current === null || account === undefined) throw new Error(`no account ${alias}`);
        account.lastUsed += 1;
        await persist(current);
      }),
    async read() {
      const { accounts = [] } = (await storage.loadAccounts()) ?? {};
      return accounts.map(({ accountLabel = "", lastUsed, refreshToken }) => ({
        alias: accountLabel,
        count: lastUsed,
        refreshToken,
      }));
    },
  };
}
