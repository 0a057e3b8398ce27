import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { accountId, epochMs, newAccount, parseAlias } from "@open-multi-auth/domain";
import { openPool, type Pool } from "@open-multi-auth/runtime-node";
import { startUpstreamSim, type UpstreamSim } from "@open-multi-auth/upstream-sim";
import { ok } from "neverthrow";
import type { Catalog } from "./catalog.ts";
import type { Host, HostOptions, Outcome, Step } from "./host.ts";

export const BUN = fileURLToPath(new URL("bin/bun.exe", import.meta.resolve("bun/package.json")));

/** The plugin as source, and as OpenCode 2.x finds it in its folder. */
export const SOURCE = fileURLToPath(import.meta.resolve("../../src/plugin.ts"));
export const FOLDER = fileURLToPath(import.meta.resolve("../.."));

const CHILD = fileURLToPath(import.meta.resolve("./child.ts"));
const ENDLESS = { fiveHour: 0, weekly: 0 };

/** The host double in a process of its own, over a store of real files and a simulated upstream. */
export interface Rig extends AsyncDisposable {
  readonly sim: UpstreamSim;
  readonly env: Record<string, string>;
  /** Adds an account to the simulator and to the store. */
  link(alias: string): Promise<void>;
  host(options?: HostOptions & { runtime?: string; plugin?: string; env?: object }): Promise<RunningHost>;
}

export interface RunningHost {
  readonly id: unknown;
  readonly stderr: () => string;
  step(step: Step): Promise<Outcome>;
  interrupt(sessionID: string): Promise<void>;
  catalog(): Promise<Catalog>;
  elsewhere(): Promise<Host["elsewhere"]>;
  /** Begins another project in the same process, and ends it. */
  another(): Promise<() => Promise<void>>;
  /** Unloads the plugin; the process then has to end by itself. */
  unload(): Promise<number | null>;
}

export async function createRig(aliases: readonly string[]): Promise<Rig> {
  const sim = await startUpstreamSim({ accounts: [] });
  const folder = await mkdtemp(join(tmpdir(), "oma-next-"));
  const env = {
    HOME: folder,
    PATH: process.env["PATH"] ?? "",
    OPENCODE_MULTI_AUTH_STORE_DIR: join(folder, "pool"),
    OPENCODE_MULTI_AUTH_UPSTREAM_URL: sim.backendUrl,
    OPENCODE_MULTI_AUTH_AUTH_ISSUER_URL: sim.issuerUrl,
  };
  const running: (() => void)[] = [];
  const rig: Rig = {
    sim,
    env,
    async link(alias) {
      sim.addAccount({ alias, percentPerRequest: ENDLESS });
      const pool = (await openPool({ env }))._unsafeUnwrap();
      await link(pool, sim, alias);
      (await pool.close())._unsafeUnwrap();
    },
    async host({ runtime = process.execPath, plugin = SOURCE, env: more = {}, ...options } = {}) {
      const child = spawn(
        runtime,
        ["--conditions=@open-multi-auth/source", CHILD, JSON.stringify({ plugin, ...options })],
        { env: { ...env, ...more }, stdio: ["pipe", "pipe", "pipe"] },
      );
      running.push(() => child.kill("SIGKILL"));
      let said = "";
      child.stderr.setEncoding("utf8").on("data", (text: string) => (said += text));
      const waiting = new Map<number, (line: string) => void>();
      createInterface({ input: child.stdout }).on("line", (line) => {
        const { id }: { id: number } = JSON.parse(line);
        waiting.get(id)?.(line);
      });
      const ended = once(child, "exit").then(() => JSON.stringify({ thrown: `the host ended: ${said}` }));
      const call = async <Value>(name: string, argument?: unknown): Promise<Value> => {
        const id = waiting.size;
        const answered = new Promise<string>((resolve) => waiting.set(id, resolve));
        child.stdin.write(`${JSON.stringify({ id, name, argument })}\n`);
        const answer: { value: Value; thrown?: string } = JSON.parse(await Promise.race([answered, ended]));
        if (answer.thrown !== undefined) throw new Error(answer.thrown);
        return answer.value;
      };
      return {
        id: await call("load"),
        stderr: () => said,
        step: (step) => call("step", step),
        interrupt: (sessionID) => call("interrupt", sessionID),
        catalog: () => call("catalog"),
        elsewhere: () => call("elsewhere"),
        async another() {
          await call("another");
          return () => call("leave");
        },
        async unload() {
          const exit = once(child, "exit");
          await call("unload");
          child.stdin.end();
          const [code] = await exit;
          return code;
        },
      };
    },
    async [Symbol.asyncDispose]() {
      for (const kill of running) kill();
      await sim.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
  for (const alias of aliases) await rig.link(alias);
  return rig;
}

async function link(pool: Pool, sim: UpstreamSim, name: string): Promise<void> {
  const { accessToken, refreshToken, expiresAt } = sim.tokensOf(name);
  const workspace = sim.accounts().find(({ alias }) => alias === name)?.accountId;
  const login = {
    accessToken,
    refreshToken,
    expiresAt: epochMs(expiresAt),
    source: "import" as const,
    ...(workspace !== undefined && { accountId: workspace }),
  };
  const alias = parseAlias(name)._unsafeUnwrap();
  (
    await pool.store.update((store) => {
      const account = newAccount(accountId(`id-${name}`), alias, login, epochMs(Date.now()));
      return ok({ ...store, accounts: { ...store.accounts, [alias]: account } });
    })
  )._unsafeUnwrap();
}
