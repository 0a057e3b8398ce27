import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile } from "node:fs/promises";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

import { openHeap } from "./heap.ts";
import type { Rig } from "./rig.ts";
import { RUNTIMES } from "../runtimes.ts";
import { writeStore } from "./store.ts";

/** The built command line. */
export const PROGRAM = fileURLToPath(new URL("../../../../apps/cli/dist/oma.js", import.meta.url));

/** The built `oma dashboard` over a store of its own, as a process of its own. */
export interface BenchDashboard {
  readonly origin: string;
  readonly headers: Readonly<Record<string, string>>;
  /** An address that begins a session in a browser, once. */
  launchUrl(): Promise<string>;
  /** The store's folder. */
  readonly folder: string;
  /** Memory that the process has in use, in kB. */
  memoryKb(): Promise<number>;
  /** What it still holds on to after a garbage collection, in kB. */
  heldKb(): Promise<number>;
  close(): Promise<void>;
}

/** Starts it over so many accounts, and waits until their limits are known: then nothing changes by itself. */
export async function startDashboard(rig: Rig, accounts: number): Promise<BenchDashboard> {
  const home = await mkdtemp(join(rig.folder, "dashboard-"));
  const folder = join(home, "store");
  const views = Array.from({ length: accounts }, (_, number) => {
    const view = rig.accounts[number % rig.accounts.length];
    if (view === undefined) throw new Error("the simulator has no account");
    return { ...view, alias: `account-${number}` };
  });
  await writeStore(folder, views);
  const args = ["--inspect=127.0.0.1:0", PROGRAM, "dashboard", "--json", "--port", "0"];
  const child = spawn(RUNTIMES.node.path, args, {
    env: { HOME: home, PATH: process.env["PATH"] ?? "", ...rig.pool, OPENCODE_MULTI_AUTH_STORE_DIR: folder },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const exited = once(child, "exit");
  const heap = openHeap(child.stderr);
  const [line] = await once(createInterface({ input: child.stdout }), "line");
  const { url } = JSON.parse(String(line)) as { url: string };
  const origin = url.slice(0, -1);
  const token = (await readFile(join(folder, "server.token"), "utf8")).trim();
  const headers = { authorization: `Bearer ${token}` };
  for (;;) {
    const answer = await fetch(`${origin}/api/accounts`, { headers });
    const known = (await answer.json()) as { accounts: { limitsConfidence: string }[] };
    if (known.accounts.every(({ limitsConfidence }) => limitsConfidence === "fresh")) break;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return {
    origin,
    headers,
    folder,
    async launchUrl() {
      const json = { ...headers, "content-type": "application/json", "x-open-multi-auth": "1" };
      const answer = await fetch(`${origin}/api/launch-codes`, { method: "POST", headers: json, body: "{}" });
      const { code } = (await answer.json()) as { code: string };
      return `${origin}/#launch=${code}`;
    },
    async memoryKb() {
      const status = await readFile(`/proc/${child.pid}/status`, "utf8");
      return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]);
    },
    heldKb: async () => (await heap).heldKb(),
    async close() {
      (await heap).close();
      child.kill("SIGTERM");
      await exited;
    },
  };
}
