import { readdir, readFile, stat } from "node:fs/promises";
import { join, relative } from "node:path";
import { describe, expect, it } from "vitest";
import { runOpenCode, type OpenCodeRun } from "../src/index.ts";
import { createRig, type Rig } from "./rig.ts";

/** Where tokens belong: our store, and the files of the tools they came from. */
const KEEPERS = /^(?:\.local\/share\/open-multi-auth\/store\.json(?:\.lkg)?|codex-auth\.json)$/;

describe("every byte that is written", () => {
  it("OBS-02: AUT-08: holds no token outside the store, after success, failover, refresh, and final refusal", async () => {
    await using rig = await createRig({ accounts: [{ alias: "work" }, { alias: "home" }] });
    const secrets = new Set<string>();
    const remember = (): void => {
      for (const { tokens } of rig.sim.accounts())
        for (const secret of [tokens.accessToken, tokens.refreshToken, tokens.idToken])
          if (secret) secrets.add(secret);
    };
    const runs: { stdout: string; stderr: string }[] = [];
    const step = async (run: Promise<OpenCodeRun>): Promise<void> => {
      remember();
      runs.push(await run);
      remember();
    };

    await step(runOpenCode(rig.home, "served"));
    rig.sim.expireAccessToken("home");
    await step(runOpenCode(rig.home, "refreshed"));
    rig.sim.script("work", [{ kind: "token-expired", times: "always" }]);
    rig.sim.script("work", [{ kind: "refresh-revoked", times: "always" }], "token");
    await step(runOpenCode(rig.home, "failed over"));
    rig.sim.drain("home", "weekly");
    await step(runOpenCode(rig.home, ["run", "--print-logs", "--log-level", "DEBUG", "refused"]));
    for (const args of [
      ["list", "--json"],
      ["status"],
      ["status", "--json"],
      ["why"],
      ["why", "--json"],
      ["doctor"],
    ])
      runs.push(await rig.oma(...args));

    expect(secrets.size).toBeGreaterThanOrEqual(8);
    const printed = runs.map(({ stdout, stderr }) => stdout + stderr).join("\n");
    const files = await filesUnder(rig.home.folders.home);
    expect(files.some((file) => file.endsWith("opencode.db"))).toBe(true);
    expect(files.some((file) => file.includes("decisions"))).toBe(true);
    const leaks: string[] = [];
    for (const secret of parts(secrets)) {
      if (printed.includes(secret)) leaks.push("printed");
      for (const file of files)
        if ((await readFile(join(rig.home.folders.home, file))).includes(secret)) leaks.push(file);
    }
    expect([...new Set(leaks)].filter((file) => !KEEPERS.test(file))).toEqual([]);
    expect(leaks).toContain(".local/share/open-multi-auth/store.json");
    await expectPrivate(rig);
  });
});

/** A leak may be cut short, so the distinctive middle of each secret is looked for. */
function parts(secrets: ReadonlySet<string>): string[] {
  return [...secrets].map((secret) => (secret.length > 60 ? secret.slice(-40) : secret));
}

async function filesUnder(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)));
}

async function expectPrivate({ folder }: Rig): Promise<void> {
  for (const name of await readdir(folder, { recursive: true })) {
    const { mode } = await stat(join(folder, name));
    expect([name, mode & 0o077]).toEqual([name, 0]);
  }
}
