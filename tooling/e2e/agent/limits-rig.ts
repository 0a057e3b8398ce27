import { createHash } from "node:crypto";
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";

import type { Step } from "@open-multi-auth/upstream-sim";
import { expect } from "vitest";

import { findCodex } from "../src/index.ts";
import { createRig, type Rig } from "./rig.ts";

/** Refused to the endpoint, with its own and with a renewed token. */
export const REFUSED_TO_ENDPOINT: Step<"usage"> = { kind: "status", status: 403, times: 2 };

/** A person's machine with one linked account, a Codex CLI of its own configuration, and no network. */
export async function machine(env: Readonly<Record<string, string>> = {}): Promise<Rig> {
  const nowhere = "http://127.0.0.1:9";
  const rig = await createRig({
    accounts: [{ alias: "work" }],
    env: {
      CODEX_CLI_BIN: findCodex()._unsafeUnwrap(),
      HTTP_PROXY: nowhere,
      HTTPS_PROXY: nowhere,
      NO_PROXY: "127.0.0.1,localhost",
      ...env,
    },
  });
  const codexHome = join(rig.home.folders.home, ".codex");
  await mkdir(codexHome);
  await writeFile(join(codexHome, "config.toml"), 'model_reasoning_effort = "xhigh"\nmodel = "gpt-6-sol"\n');
  await writeFile(join(codexHome, "auth.json"), '{"OPENAI_API_KEY":"sk-of-the-person"}', { mode: 0o600 });
  rig.sim.clearLog();
  return rig;
}

/** The figures of a first, successful probe. */
export async function measured(rig: Rig): Promise<unknown> {
  rig.sim.drain("work", "fiveHour", 37);
  expect((await rig.oma("refresh", "--limits")).exitCode).toBe(0);
  rig.sim.drain("work", "fiveHour", 80);
  return (await account(rig))["limits"];
}

export async function account(rig: Rig): Promise<Record<string, unknown>> {
  const { stdout } = await rig.oma("status", "--json");
  const { accounts } = JSON.parse(stdout) as { accounts: Record<string, unknown>[] };
  return accounts[0]!;
}

export async function hashOf({ home }: Rig): Promise<string> {
  const folder = join(home.folders.home, ".codex");
  const hash = createHash("sha256");
  for (const name of (await readdir(folder, { recursive: true })).toSorted()) {
    hash.update(`${name}\0`).update(await readFile(join(folder, name)));
  }
  return hash.digest("hex");
}

export async function expectNothingLeft(rig: Rig): Promise<void> {
  expect(await readdir(join(rig.folder, "probe-homes"))).toEqual([]);
  expect(await processesIn(rig.folder)).toEqual([]);
}

/** Processes that were started with something below `folder`: runs have their home in the environment. */
export async function processesIn(folder: string, argument = ""): Promise<string[]> {
  const ids = (await readdir("/proc")).filter((name) => /^\d+$/.test(name));
  const found = ids.map(async (id) => {
    const environment = await readFile(`/proc/${id}/environ`, "utf8").catch(() => "");
    const line = await readFile(`/proc/${id}/cmdline`, "utf8").catch(() => "");
    const isOne = environment.includes(join(folder, "probe-homes")) && line.includes(argument);
    return isOne ? [id] : [];
  });
  return (await Promise.all(found)).flat();
}
