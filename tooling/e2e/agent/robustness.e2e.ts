import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { runOpenCode } from "../src/index.ts";
import { createRig, PLUGIN_FILE, type Rig } from "./rig.ts";

const KEY = { openai: { type: "api", key: "sk-of-the-person" } };
const LOGIN = {
  type: "oauth",
  refresh: "rt-own",
  access: "at-own",
  expires: 32_503_680_000_000,
  accountId: "own",
};

describe("the plugin where the pool cannot serve", () => {
  it("CON-26: with no account the loader leaves OpenCode's own login in place, and a toast names oma doctor", async () => {
    await using rig = await createRig({ auth: { openai: LOGIN } });
    const { loader, toasts } = await loadPlugin(rig, LOGIN);
    expect(loader).toEqual({});
    expect(toasts).toEqual([expect.stringContaining("oma doctor")]);
    expect(JSON.parse(await readFile(rig.home.authFile, "utf8"))).toEqual({ openai: LOGIN });
  });

  it("CON-26: with an api key of the person's the loader returns nothing, and a toast names oma doctor", async () => {
    await using rig = await createRig({ accounts: [{ alias: "work" }], auth: KEY });
    const { loader, toasts } = await loadPlugin(rig, KEY.openai);
    expect(loader).toEqual({});
    expect(toasts).toEqual([expect.stringContaining("oma doctor")]);
  });

  it("CON-23: CON-26: a store that cannot be used never makes OpenCode's providers fail", async () => {
    await using rig = await createRig({ accounts: [{ alias: "work" }], auth: { openai: LOGIN } });
    // From a version that is newer than ours: refused, and left alone.
    const file = join(rig.folder, "store.json");
    await writeFile(file, JSON.stringify({ version: 99, accounts: {} }));
    const { loader, toasts } = await loadPlugin(rig, LOGIN);
    expect(loader).toEqual({});
    expect(toasts).toEqual([expect.stringContaining("oma doctor")]);
    const models = await runOpenCode(rig.home, ["models", "openai"]);
    expect(models).toMatchObject({ exitCode: 0, stdout: expect.stringContaining("openai/gpt-5.5") });
    expect(JSON.parse(await readFile(file, "utf8"))).toEqual({ version: 99, accounts: {} });
  });

  it("CON-15: CON-23: serves from a damaged store, which is restored, and without a place for its records", async () => {
    await using rig = await createRig({ accounts: [{ alias: "work" }] });
    await writeFile(join(rig.folder, "store.json"), '{"version":2,"accou');
    // A file where the folder of the records should be: nothing can be logged.
    await writeFile(join(rig.folder, "decisions"), "");
    const run = await runOpenCode(rig.home, "say hello");
    expect(run.stdout).toContain("work answered: say hello");
  });

  it("serves from an encrypted store, renews a login in it, and leaves no token in the open", async () => {
    const env = { OPENCODE_MULTI_AUTH_PASSPHRASE: "correct horse, battery" };
    await using rig = await createRig({ accounts: [{ alias: "work" }], env });
    const before = rig.sim.tokensOf("work");
    expect(await rig.oma("encrypt")).toMatchObject({ exitCode: 0 });
    rig.sim.expireAccessToken("work");
    expect((await runOpenCode(rig.home, "say hello")).stdout).toContain("work answered: say hello");
    const after = rig.sim.tokensOf("work");
    expect(after.refreshToken).not.toBe(before.refreshToken);
    for (const name of ["store.json", "store.json.lkg"]) {
      const text = await readFile(join(rig.folder, name), "utf8");
      for (const { accessToken, refreshToken } of [before, after]) {
        expect(text).not.toContain(accessToken);
        expect(text).not.toContain(refreshToken);
      }
    }
    expect(await rig.oma("decrypt")).toMatchObject({ exitCode: 0 });
    expect(await readFile(join(rig.folder, "store.json"), "utf8")).toContain(after.refreshToken);
  });

  it("CON-23: options that are not allowed or not valid are left out, and the request is served", async () => {
    await using rig = await createRig({
      accounts: [{ alias: "work" }],
      pluginOptions: {
        rotationStrategy: "no-such",
        UPSTREAM_URL: "https://evil.example",
        criticalThreshold: 400,
      },
    });
    const env = { OPENCODE_MULTI_AUTH_LOW_THRESHOLD: "plenty" };
    const run = await runOpenCode(rig.home, "say hello", { env });
    expect(run.stdout).toContain("work answered: say hello");
  });
});

/** Runs the bundled plugin's loader the way OpenCode does, and collects what it shows. */
async function loadPlugin(rig: Rig, entry: object): Promise<{ loader: unknown; toasts: string[] }> {
  const probe = join(rig.home.folders.home, "probe.mjs");
  await writeFile(
    probe,
    `import plugin from ${JSON.stringify(PLUGIN_FILE)};
     const toasts = [];
     const client = {
       app: { log: async () => {} },
       auth: { set: async () => {} },
       tui: { showToast: async ({ body }) => void toasts.push(body.message) },
     };
     const hooks = await plugin.server({ client });
     const loader = await hooks.auth.loader(async () => (${JSON.stringify(entry)}));
     console.log(JSON.stringify({ loader, toasts }));`,
  );
  // OpenCode's own runtime, as Bun.
  const run = await runOpenCode(rig.home, [probe], { env: { BUN_BE_BUN: "1" } });
  if (run.exitCode !== 0) throw new Error(run.stderr);
  return JSON.parse(run.stdout) as { loader: unknown; toasts: string[] };
}
