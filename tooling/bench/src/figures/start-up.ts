import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { createOpenCodeHome, findOpenCode, type OpenCodeHome } from "@open-multi-auth/e2e";

import type { ProgramRun } from "../client/cpu-of.ts";
import { outputOf } from "../rig/client-process.ts";
import { PLUGIN_BUNDLE, type Rig } from "../rig/rig.ts";
import type { Row } from "../row.ts";
import { RUNTIMES } from "../runtimes.ts";
import { median, pairedRatio } from "../statistics.ts";

const PAIRS = 20;
const BOUND = 1.05;
/** With an entry for `openai` OpenCode builds the provider, and so runs our loader. */
const AUTH = {
  openai: {
    type: "oauth",
    access: "open-multi-auth",
    refresh: "open-multi-auth",
    expires: 32_503_680_000_000,
  },
};

/** CPU of a whole start of OpenCode with the plugin, against one without. */
export async function measureStartUp(rig: Rig): Promise<readonly Row[]> {
  const row = {
    figure: "CPU of an OpenCode start",
    runtime: "opencode",
    unit: "times",
    bound: BOUND,
  } as const;
  const binary = findOpenCode();
  if (binary.isErr()) return [{ ...row, value: undefined, note: binary.error.message }];

  const env = await rig.freshStore();
  const direct = await createOpenCodeHome({ auth: AUTH });
  const pool = await createOpenCodeHome({ auth: AUTH, pluginPath: PLUGIN_BUNDLE, env: ourVariables(env) });
  try {
    const cpu = await pairs(binary.value, { direct, pool });
    await requireLoaded(env);
    const medians = { direct: median(cpu.direct), pool: median(cpu.pool), baselineUnit: "ms" } as const;
    return [{ ...row, ...medians, value: pairedRatio(cpu) }];
  } finally {
    await Promise.all([direct.dispose(), pool.dispose()]);
  }
}

type Homes = Readonly<Record<"direct" | "pool", OpenCodeHome>>;

async function pairs(binary: string, homes: Homes): Promise<Record<keyof Homes, number[]>> {
  const cpu: Record<keyof Homes, number[]> = { direct: [], pool: [] };
  // The first start in a home creates databases; it is not the one that people wait for every day.
  for (const way of ["direct", "pool"] as const) await cpuOfStart(binary, homes[way]);
  for (let pair = 0; pair < PAIRS; pair += 1) {
    const order = pair % 2 === 0 ? (["direct", "pool"] as const) : (["pool", "direct"] as const);
    for (const way of order) cpu[way].push(await cpuOfStart(binary, homes[way]));
  }
  return cpu;
}

async function cpuOfStart(binary: string, { env, folders }: OpenCodeHome): Promise<number> {
  const client = fileURLToPath(new URL("../client/cpu-of.ts", import.meta.url));
  const command = [RUNTIMES.bun.path, client, binary, "models", "openai"];
  const output = await outputOf(command, { ...env }, folders.work);
  const { exitCode, cpuMs } = JSON.parse(output) as ProgramRun;
  if (exitCode !== 0) throw new Error(`opencode models openai ended with ${exitCode}`);
  return cpuMs;
}

/** OpenCode passes over a plugin that it cannot load without a word; the store counts the starts of pools. */
async function requireLoaded(env: Readonly<Record<string, string>>): Promise<void> {
  const file = join(env["OPENCODE_MULTI_AUTH_STORE_DIR"] ?? "", "store.json");
  const store = JSON.parse(await readFile(file, "utf8")) as { rotation: { starts: number } };
  if (store.rotation.starts <= PAIRS)
    throw new Error(`OpenCode loaded the plugin in ${store.rotation.starts} of ${PAIRS + 1} starts`);
}

function ourVariables(env: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(env).filter(([name]) => name.startsWith("OPENCODE_MULTI_AUTH_")));
}
