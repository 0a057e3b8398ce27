import { execFile } from "node:child_process";
import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import {
  startUpstreamSim,
  type AccountOptions,
  type LogEntry,
  type StartOptions,
  type UpstreamSim,
} from "@open-multi-auth/upstream-sim";
import { createOpenCodeHome, type OpenCodeHome, type OpenCodeHomeOptions } from "../src/home.ts";

const built = (path: string): string => fileURLToPath(new URL(`../../../apps/${path}`, import.meta.url));
export const PLUGIN_FILE: string = built("plugin/dist/plugin.js");
export const CLI_FILE: string = built("cli/dist/oma.js");

/** A person's machine: OpenCode with the plugin, our CLI, linked accounts, and a simulated upstream. */
export interface Rig extends AsyncDisposable {
  readonly sim: UpstreamSim;
  readonly home: OpenCodeHome;
  /** Where the pool keeps its files. */
  readonly folder: string;
  /** Runs the built CLI as the person would. */
  oma(...args: readonly string[]): Promise<CliRun>;
  /** Model requests that reached the upstream, oldest first. */
  requests(): readonly LogEntry[];
  /** Decision records, oldest first. */
  decisions(): Promise<readonly Record<string, unknown>[]>;
}

export interface CliRun {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RigOptions extends OpenCodeHomeOptions {
  readonly accounts?: readonly AccountOptions[];
  readonly secure?: StartOptions["secure"];
  /** Second element of the plugin's entry in opencode.json. */
  readonly pluginOptions?: Readonly<Record<string, unknown>>;
}

/** Builds the machine and links every account through `oma import`, from a login file of the Codex CLI. */
export async function createRig({
  accounts = [],
  secure,
  pluginOptions,
  ...options
}: RigOptions = {}): Promise<Rig> {
  const sim = await startUpstreamSim({ accounts: [...accounts], ...(secure !== undefined && { secure }) });
  const plugin = pluginOptions === undefined ? PLUGIN_FILE : [PLUGIN_FILE, pluginOptions];
  const home = await createOpenCodeHome({
    ...options,
    config: { plugin: [plugin], ...options.config },
    env: {
      OPENCODE_MULTI_AUTH_UPSTREAM_URL: sim.backendUrl,
      OPENCODE_MULTI_AUTH_AUTH_ISSUER_URL: sim.issuerUrl,
      ...options.env,
    },
  });
  const folder = join(home.folders.home, ".local", "share", "open-multi-auth");
  const rig: Rig = {
    sim,
    home,
    folder,
    oma: (...args) => runCli(args, home),
    requests: () => sim.log().filter((entry) => entry.endpoint === "responses"),
    decisions: () => readDecisions(folder),
    async [Symbol.asyncDispose]() {
      await sim.close();
      await home.dispose();
    },
  };
  for (const { alias } of accounts) await link(rig, alias);
  return rig;
}

/** Links one account of the simulator under its own name. */
export async function link(rig: Rig, alias: string): Promise<void> {
  const file = join(rig.home.folders.home, "codex-auth.json");
  const { accessToken, refreshToken, idToken } = rig.sim.tokensOf(alias);
  const tokens = { access_token: accessToken, refresh_token: refreshToken, id_token: idToken };
  await writeFile(file, JSON.stringify({ OPENAI_API_KEY: null, tokens }), { mode: 0o600 });
  const { exitCode, stderr } = await rig.oma("import", "--from", file, "--alias", alias);
  if (exitCode !== 0) throw new Error(`oma import failed: ${stderr}`);
}

function runCli(args: readonly string[], { env, folders }: OpenCodeHome): Promise<CliRun> {
  return new Promise((resolve) => {
    execFile(process.execPath, [CLI_FILE, ...args], { env, cwd: folders.work }, (error, stdout, stderr) => {
      const exitCode = error === null ? 0 : typeof error.code === "number" ? error.code : 1;
      resolve({ exitCode, stdout, stderr });
    });
  });
}

async function readDecisions(folder: string): Promise<readonly Record<string, unknown>[]> {
  const files = await readdir(join(folder, "decisions")).catch(() => []);
  const texts = await Promise.all(
    files
      .toSorted((a, b) => (a < b ? -1 : 1))
      .map((file) => readFile(join(folder, "decisions", file), "utf8")),
  );
  return texts.flatMap((text) =>
    text
      .split("\n")
      .filter(Boolean)
      .map((line) => JSON.parse(line) as Record<string, unknown>),
  );
}
