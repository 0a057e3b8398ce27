import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { startUpstreamSim, type UpstreamSim } from "@open-multi-auth/upstream-sim";
import type { Account, StoreV2 } from "@open-multi-auth/domain";
import { storeOf, type Seed } from "./seed.ts";

/** The built command. */
export const PROGRAM = fileURLToPath(new URL("../../../apps/cli/dist/oma.js", import.meta.url));

/** The built `oma dashboard` over a store of its own, with a simulated upstream. */
export interface Dashboard {
  readonly sim: UpstreamSim;
  /** `http://127.0.0.1:PORT`. */
  readonly url: string;
  /** Begins a session once. */
  readonly launchUrl: string;
  readonly home: string;
  /** The environment that every process over this store has. */
  readonly env: Readonly<Record<string, string>>;
  /** What is on disk now. */
  readonly store: () => Promise<StoreV2>;
  readonly account: (alias: string) => Promise<Account>;
  /** Runs another `oma` over the same store, as a person does in a terminal. */
  readonly oma: (...args: string[]) => Promise<string>;
  /** Ends the server and starts it again, at the same port. */
  readonly restart: () => Promise<string>;
  readonly stop: () => Promise<void>;
  readonly close: () => Promise<void>;
}

/** What differs from an empty pool. */
export interface DashboardOptions {
  readonly accounts?: readonly Seed[];
  readonly store?: Partial<StoreV2>;
  readonly env?: Readonly<Record<string, string>>;
  /** Before the server starts, so that its first readings meet it. */
  readonly prepare?: (sim: UpstreamSim) => void;
}

/** Starts it, and waits until it answers. */
export async function startDashboard(options: DashboardOptions = {}): Promise<Dashboard> {
  if (!existsSync(PROGRAM)) throw new Error("the program is not built: pnpm build");
  const sim = await startUpstreamSim();
  const home = await mkdtemp(join(tmpdir(), "oma-web-"));
  const folder = join(home, ".local/share/open-multi-auth");
  await mkdir(folder, { recursive: true, mode: 0o700 });
  if (options.accounts) {
    const seeded = storeOf(options.accounts, sim, options.store);
    await writeFile(join(folder, "store.json"), JSON.stringify(seeded), { mode: 0o600 });
  }
  options.prepare?.(sim);
  const env = {
    HOME: home,
    PATH: join(home, "bin"),
    TZ: "UTC",
    OPENCODE_MULTI_AUTH_UPSTREAM_URL: sim.backendUrl,
    OPENCODE_MULTI_AUTH_AUTH_ISSUER_URL: sim.issuerUrl,
    ...options.env,
  };
  const store = async (): Promise<StoreV2> => JSON.parse(await readFile(join(folder, "store.json"), "utf8"));
  let server = await serve(env, 0);
  return {
    sim,
    url: server.url,
    launchUrl: server.launchUrl,
    home,
    env,
    store,
    account: async (alias) => {
      const found = Object.values((await store()).accounts).find((one) => one.alias === alias);
      if (!found) throw new Error(`the store has no account ${alias}`);
      return found;
    },
    oma: async (...args) => {
      const child = spawn(process.execPath, [PROGRAM, ...args], {
        env,
        stdio: ["ignore", "pipe", "inherit"],
      });
      const output: Buffer[] = [];
      child.stdout.on("data", (chunk: Buffer) => output.push(chunk));
      await once(child, "close");
      return Buffer.concat(output).toString();
    },
    restart: async () => {
      await end(server.child);
      server = await serve(env, Number(new URL(server.url).port));
      return server.launchUrl;
    },
    stop: () => end(server.child),
    close: async () => {
      await end(server.child);
      await sim.close();
      await rm(home, { recursive: true, force: true, maxRetries: 3 });
    },
  };
}

interface Served {
  readonly child: ChildProcess;
  readonly url: string;
  readonly launchUrl: string;
}

async function serve(env: Record<string, string>, port: number): Promise<Served> {
  const args = [PROGRAM, "dashboard", "--json", "--no-open", "--port", String(port)];
  const child = spawn(process.execPath, args, { env, stdio: ["ignore", "pipe", "inherit"] });
  for await (const line of createInterface({ input: child.stdout })) {
    const { url, launchUrl }: { url: string; launchUrl: string } = JSON.parse(line);
    return { child, url: url.replace(/\/$/, ""), launchUrl };
  }
  throw new Error("oma dashboard ended before it told its address");
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const closed = once(child, "exit");
  child.kill("SIGTERM");
  await closed;
}
