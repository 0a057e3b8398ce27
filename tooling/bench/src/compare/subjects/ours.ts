import { pathToFileURL } from "node:url";
import { openStore } from "@open-multi-auth/core-store/node";
import { parseAlias } from "@open-multi-auth/domain";
import { systemClock, systemRandom } from "@open-multi-auth/runtime-node";
import { ok } from "neverthrow";
import { PLUGIN_BUNDLE } from "../../rig/rig.ts";
import { writeStore } from "../../rig/store.ts";
import type { Loaded, Subject } from "../subject.ts";
import { openCodeInput } from "./host.ts";

interface Plugin {
  readonly default: {
    server(input: object): Promise<{ auth: { loader(getAuth: () => Promise<object>): Promise<Loaded> } }>;
  };
}

/** This workspace: the built plugin, and the store below it. */
export async function openOurs(): Promise<Subject> {
  const folder = process.env["OPENCODE_MULTI_AUTH_STORE_DIR"] ?? "";
  let opened: ReturnType<typeof open> | undefined;
  const store = (): ReturnType<typeof open> => (opened ??= open(folder));
  return {
    seed: (accounts) => writeStore(folder, accounts),
    async openFetch() {
      const plugin = (await import(pathToFileURL(PLUGIN_BUNDLE).href)) as Plugin;
      const { auth } = await plugin.default.server(openCodeInput());
      const { fetch } = await auth.loader(async () => ({ type: "oauth", access: "open-multi-auth" }));
      if (fetch === undefined) throw new Error("the plugin gave no fetch");
      return { fetch, url: "https://api.openai.com/v1/responses" };
    },
    async countUp(alias) {
      const updated = await (
        await store()
      ).update((state) => {
        const name = parseAlias(alias)._unsafeUnwrap();
        const account = state.accounts[name];
        if (account === undefined) throw new Error(`no account ${alias}`);
        const counted = { ...account, usageCount: account.usageCount + 1 };
        return ok({ ...state, accounts: { ...state.accounts, [name]: counted } });
      });
      if (updated.isErr()) throw new Error(updated.error.message);
    },
    async read() {
      const { accounts } = (await store()).state();
      return Object.values(accounts).map(({ alias, usageCount, refreshToken }) => ({
        alias,
        count: usageCount,
        refreshToken,
      }));
    },
  };
}

async function open(folder: string) {
  const opened = await openStore({ folder, clock: systemClock, random: systemRandom });
  if (opened.isErr()) throw new Error(opened.error.message);
  return opened.value;
}
