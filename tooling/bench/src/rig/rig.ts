import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import type { ClientTask } from "../client/task.ts";
import { startSimulator, type Simulator } from "./simulator.ts";
import { writeStore } from "./store.ts";

/** All that a measured client needs: an upstream, a folder with linked accounts, the built plugin. */
export interface Rig {
  readonly task: ClientTask;
  /** A fresh throw-away store, and the environment that leads the plugin to it. */
  freshStore(): Promise<Readonly<Record<string, string>>>;
  /** The accounts of the upstream. */
  readonly accounts: Simulator["accounts"];
  /** Variables that lead any program of ours to this upstream. */
  readonly pool: Readonly<Record<string, string>>;
  /** Folder for what a figure needs to write. */
  readonly folder: string;
  /** Has the upstream answer like this from now on. */
  readonly answer: Simulator["answer"];
  close(): Promise<void>;
}

/** The built plugin, as OpenCode loads it. */
export const PLUGIN_BUNDLE = fileURLToPath(
  new URL("../../../../apps/plugin/dist/plugin.js", import.meta.url),
);

/** Starts the simulator and makes room for stores. */
export async function createRig(): Promise<Rig> {
  const folder = await mkdtemp(join(tmpdir(), "oma-bench-"));
  const simulator = await startSimulator();
  const logins = simulator.accounts.map(({ tokens, accountId }) => ({
    accessToken: tokens.accessToken,
    accountId,
  }));
  const pool = {
    OPENCODE_MULTI_AUTH_UPSTREAM_URL: simulator.backendUrl,
    OPENCODE_MULTI_AUTH_AUTH_ISSUER_URL: simulator.issuerUrl,
  };
  return {
    folder,
    pool,
    accounts: simulator.accounts,
    answer: (how) => simulator.answer(how),
    task: { bundle: PLUGIN_BUNDLE, upstreamUrl: simulator.backendUrl, logins },
    async freshStore() {
      const home = await mkdtemp(join(folder, "home-"));
      const store = join(home, "store");
      await writeStore(store, simulator.accounts);
      return {
        HOME: home,
        XDG_DATA_HOME: join(home, "data"),
        OPENCODE_MULTI_AUTH_STORE_DIR: store,
        ...pool,
      };
    },
    async close() {
      await simulator.close();
      await rm(folder, { recursive: true, force: true, maxRetries: 3 });
    },
  };
}
