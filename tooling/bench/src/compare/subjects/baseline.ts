import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Loaded, Subject } from "../subject.ts";
import { openCodeLogin, openCodeInput } from "./host.ts";

/** The parts of guard22/opencode-multi-auth-codex 1.4 that are driven. */
interface Plugin {
  default(input: object): Promise<{
    auth: { loader(getAuth: () => Promise<object>, provider: object): Promise<Loaded> };
  }>;
}
interface Store {
  loadStore(): { accounts: Record<string, Account> };
  updateAccount(alias: string, updates: Partial<Account>): unknown;
  getStorePath(): string;
}
interface Account {
  readonly alias: string;
  readonly usageCount: number;
  readonly refreshToken: string;
}

/** Opens the plugin that was built in a clone. */
export async function openBaseline(clone: string): Promise<Subject> {
  const load = async <T>(file: string): Promise<T> =>
    (await import(pathToFileURL(join(clone, "dist", file)).href)) as T;
  const store = await load<Store>("store.js");
  return {
    async seed(accounts) {
      const entries = accounts.map(({ alias, tokens, email, accountId }) => [
        alias,
        { alias, ...tokens, email, accountId, usageCount: 0, source: "codex" },
      ]);
      const content = {
        version: 2,
        accounts: Object.fromEntries(entries),
        activeAlias: accounts[0]?.alias ?? null,
        rotationIndex: 0,
        lastRotation: Date.now(),
      };
      mkdirSync(dirname(store.getStorePath()), { recursive: true, mode: 0o700 });
      writeFileSync(store.getStorePath(), JSON.stringify(content), { mode: 0o600 });
    },
    async openFetch(signedIn) {
      const plugin = await load<Plugin>("index.js");
      const { auth } = await plugin.default(openCodeInput());
      const { fetch, baseURL } = await auth.loader(openCodeLogin(signedIn), { options: {}, models: {} });
      if (fetch === undefined) throw new Error("the plugin gave no fetch");
      return { fetch, url: `${baseURL}/responses` };
    },
    async countUp(alias) {
      // As its rotation counts: the number is read, and the account is updated with one more.
      const { usageCount = 0 } = store.loadStore().accounts[alias] ?? {};
      store.updateAccount(alias, { usageCount: usageCount + 1 });
    },
    async read() {
      return Object.values(store.loadStore().accounts).map(({ alias, usageCount, refreshToken }) => ({
        alias,
        count: usageCount,
        refreshToken,
      }));
    },
  };
}
