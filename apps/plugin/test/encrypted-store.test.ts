import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { describe, expect, it, onTestFinished } from "vitest";

const PLUGIN = new URL("../src/plugin.ts", import.meta.url).href;

/** A store that was encrypted with a passphrase which nobody has. */
const SEALED = {
  format: "open-multi-auth-sealed",
  version: 3,
  key: {
    source: "passphrase",
    kdf: "scrypt",
    N: 131_072,
    r: 8,
    p: 1,
    salt: Buffer.alloc(16).toString("base64"),
    check: Buffer.alloc(16).toString("base64"),
  },
  cipher: {
    name: "aes-256-gcm",
    nonce: Buffer.alloc(12).toString("base64"),
    tag: Buffer.alloc(16).toString("base64"),
  },
  data: "AAAA",
};

/** Loads the plugin the way OpenCode does, in a process of its own, and tells what it says. */
async function load(env: Record<string, string>) {
  const script = `
    import plugin from ${JSON.stringify(PLUGIN)};
    const [toasts, logs] = [[], []];
    const client = {
      app: { log: async ({ body }) => void logs.push(body.message) },
      auth: { set: async () => void logs.push("an entry was set") },
      tui: { showToast: async ({ body }) => void toasts.push(body.message) },
    };
    const hooks = await plugin.server({ client });
    const loader = await hooks.auth.loader(async () => ({ type: "oauth" }));
    console.log(JSON.stringify({ loader, toasts, logs }));`;
  const args = ["--conditions=@open-multi-auth/source", "--input-type=module", "-e", script];
  const { stdout } = await promisify(execFile)(process.execPath, args, { env });
  const said: { loader: object; toasts: string[]; logs: string[] } = JSON.parse(stdout);
  return said;
}

describe("the plugin with an encrypted store that it cannot open", () => {
  it.each([
    ["STORE_SEALED", undefined, /set OPENCODE_MULTI_AUTH_PASSPHRASE/],
    ["STORE_KEY_WRONG", "wrong horse, battery", /passphrase that `oma encrypt` was given/],
  ])(
    "CON-26: %s: the loader returns {}, a toast names oma doctor, the log says what to do",
    async (code, passphrase, fix) => {
      const folder = await mkdtemp(join(tmpdir(), "oma-plugin-"));
      onTestFinished(() => rm(folder, { recursive: true }));
      const file = join(folder, "store.json");
      await writeFile(file, JSON.stringify(SEALED));
      const { loader, toasts, logs } = await load({
        HOME: folder,
        OPENCODE_MULTI_AUTH_STORE_DIR: folder,
        ...(passphrase !== undefined && { OPENCODE_MULTI_AUTH_PASSPHRASE: passphrase }),
      });
      expect(loader).toEqual({});
      expect(toasts).toEqual([expect.stringMatching(`${code}.*oma doctor`)]);
      expect(logs[0]).toMatch(new RegExp(`^${code}: .*${file}.*; fix: .*${fix.source}`));
      expect(logs.join("\n")).not.toMatch(/horse|an entry was set/);
      expect(await readFile(file, "utf8")).toBe(JSON.stringify(SEALED));
    },
  );
});
