import { pathToFileURL } from "node:url";

/** What OpenCode gets to see of the plugin, as far as this benchmark needs it. */
interface PluginModule {
  readonly default: { server(input: object): Promise<Hooks> };
}
interface Hooks {
  readonly auth: { loader(getAuth: () => Promise<object>): Promise<{ fetch?: typeof fetch }> };
  dispose(): Promise<void>;
}

/** The pool behind the plugin's fetch. */
export interface PluginFetch {
  readonly fetch: typeof fetch;
  /** Writes the bookkeeping so far, and waits until the watch of the folder has looked at that. */
  flush(): Promise<void>;
}

/** The store looks at its folder 20 ms after a write there; the rest is for a slow disk. */
const LOOKED_AT_MS = 150;

/** Loads the built plugin and takes its fetch, as OpenCode does. */
export async function loadPluginFetch(bundle: string): Promise<PluginFetch> {
  const { default: plugin } = (await import(pathToFileURL(bundle).href)) as PluginModule;
  const hooks = await plugin.server({ client: openCodeClient() });
  const { fetch } = await hooks.auth.loader(async () => ({ type: "oauth", access: "open-multi-auth" }));
  if (fetch === undefined) throw new Error("the plugin gave OpenCode no fetch");
  return {
    fetch,
    flush: async () => {
      await hooks.dispose();
      await new Promise((resolve) => setTimeout(resolve, LOOKED_AT_MS));
    },
  };
}

/** OpenCode's client. */
function openCodeClient(): object {
  return { app: { log: giveUp }, tui: { showToast: giveUp }, auth: { set: async () => undefined } };
}

/** What the plugin reports is a fault of the setting here, and ends the run. */
async function giveUp({ body }: { body: { message: string } }): Promise<never> {
  process.stderr.write(`the plugin said: ${body.message}\n`);
  process.exit(1);
}
