import { chmod, readdir, readFile, rm } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished } from "vitest";
import { run } from "../src/run.ts";
import { fakeContext } from "../src/testing.ts";
import { buildProgram, codexAuth, createSandbox, type Sandbox } from "./sandbox.ts";

const FOLDER = ".local/share/open-multi-auth";
const STORE = `${FOLDER}/store.json`;
/** Of a refresh token, and how head and body of the others begin: three letters alone also come up in cipher text. */
const SECRETS = /canary|eyJhbGciOi|eyJleHAiO/;
const PASSPHRASE = "correct horse, battery";
const VARIABLE = "OPENCODE_MULTI_AUTH_PASSPHRASE";

/** A keychain's tool that keeps secrets in files, and what it was called with. */
const SECRET_TOOL = `#!/bin/sh
echo "$*" >>"$HOME/calls.log"
mkdir -p "$HOME/keyring"
for id; do :; done
case $1 in
  store) cat >"$HOME/keyring/$id" ;;
  lookup) cat "$HOME/keyring/$id" 2>/dev/null ;;
esac
`;

let program: Awaited<ReturnType<typeof buildProgram>>;
let box: Sandbox;

beforeAll(async () => {
  program = await buildProgram();
});
afterAll(() => program.remove());
beforeEach(async () => {
  const made = await createSandbox(program.program);
  onTestFinished(() => made.remove());
  box = made;
  for (const name of ["ann", "bob"]) {
    await box.write(".codex/auth.json", codexAuth(name));
    await box.oma("import");
  }
  await box.oma("disable", "ann");
});

async function withKeychain(): Promise<void> {
  await chmod(await box.write("bin/secret-tool", SECRET_TOOL), 0o755);
  box.env["PATH"] = [box.path("bin"), "/usr/bin", "/bin"].join(delimiter);
}

/** The files of the store that show a secret to whoever reads them. */
async function inTheOpen(): Promise<string[]> {
  const files = (await readdir(box.path(FOLDER), { recursive: true, withFileTypes: true })).filter((entry) =>
    entry.isFile(),
  );
  const texts = await Promise.all(
    files.map(async ({ parentPath, name }) => ({
      name,
      text: await readFile(join(parentPath, name), "latin1"),
    })),
  );
  return texts.filter(({ text }) => SECRETS.test(text)).map(({ name }) => name);
}

const bytesOf = async (): Promise<string> => box.read(STORE);

describe("oma encrypt, oma decrypt", () => {
  it.each(["keychain", "passphrase"])(
    "with a %s: every command goes on, and no file shows a login",
    async (by) => {
      if (by === "keychain") await withKeychain();
      else box.env[VARIABLE] = PASSPHRASE;
      expect(await inTheOpen()).toHaveLength(3);
      const done = await box.oma("encrypt", ...(by === "keychain" ? ["--keychain"] : []));
      expect(done.stdout).toMatch(/^the store is encrypted with .*; 3 files rewritten\n {2}\//);
      expect(done.stderr).toContain("oma export");
      expect(await inTheOpen()).toEqual([]);

      expect((await box.oma("list")).stdout).toMatch(/ann[^]*bob/);
      expect(await box.oma("enable", "ann")).toMatchObject({ code: 0 });
      expect(await box.oma("remove", "bob", "--yes")).toMatchObject({ code: 0 });
      expect((await box.oma("restore")).stdout).toContain("+bob");
      expect(await box.oma("restore", "latest", "--yes")).toMatchObject({ code: 0 });
      await box.write(".codex/auth.json", codexAuth("cid"));
      expect(await box.oma("import")).toMatchObject({ code: 0 });
      await box.write("passphrase", "another horse");
      const withFile = ["--passphrase-file", "passphrase"];
      expect(await box.oma("export", "a.backup.json", ...withFile)).toMatchObject({ code: 0 });
      await box.oma("remove", "cid", "--yes");
      expect((await box.oma("import-backup", "a.backup.json", ...withFile)).stdout).toContain("+ cid");
      expect((await box.oma("doctor")).stdout).toMatch(
        /^ok +encryption: on, with a (key in the keychain|passphrase)$/m,
      );
      expect(await inTheOpen()).toEqual([]);

      const undone = await box.oma("decrypt");
      expect(undone).toMatchObject({ code: 0, stdout: expect.stringMatching(/^the store is decrypted; /) });
      expect(Object.keys(await box.accounts())).toEqual(["ann", "bob", "cid"]);
      expect((await box.oma("doctor")).stdout).toMatch(/^ok +encryption: off/m);
      const calls = by === "keychain" ? await box.read("calls.log") : "";
      expect(calls).not.toMatch(/[0-9a-f]{64}/);
    },
  );

  it("without the key every command is refused, says how to get it, and changes nothing", async () => {
    box.env[VARIABLE] = PASSPHRASE;
    await box.oma("encrypt");
    const before = await bytesOf();
    for (const given of ["", "wrong horse, battery"]) {
      box.env[VARIABLE] = given;
      const code = given === "" ? "STORE_SEALED" : "STORE_KEY_WRONG";
      for (const args of [
        ["list"],
        ["enable", "ann"],
        ["restore"],
        ["export", "--plain"],
        ["encrypt"],
        ["decrypt"],
      ]) {
        const refused = await box.oma(...args);
        expect(refused).toMatchObject({ code: 1, stdout: "" });
        expect(refused.stderr).toMatch(new RegExp(`^error ${code}: .*store\\.json.*\\nfix: .+\\n$`));
        expect(refused.stderr).not.toContain("horse");
      }
      const doctor = await box.oma("doctor");
      expect(doctor.code).toBe(1);
      expect(doctor.stdout).toMatch(/^fail +store: .*passphrase.*\n +fix: .+$/m);
    }
    expect(await bytesOf()).toBe(before);
    expect(await inTheOpen()).toEqual([]);
  });

  it("without a keychain's tool, or one that has forgotten, the failure names the fix", async () => {
    const none = await box.oma("encrypt", "--keychain");
    expect(none.stderr).toMatch(/^error KEYCHAIN_UNAVAILABLE: .*secret-tool.*\nfix: .*passphrase/);
    expect(await inTheOpen()).toHaveLength(3);
    await withKeychain();
    await box.oma("encrypt", "--keychain");
    await rm(box.path("keyring"), { recursive: true });
    expect((await box.oma("list")).stderr).toMatch(/^error STORE_SEALED: .*keychain.*\nfix: /);
  });

  it("encrypts copies that have come since, and does not change the key unasked", async () => {
    box.env[VARIABLE] = PASSPHRASE;
    const plain = await bytesOf();
    await box.oma("encrypt");
    await box.write(`${STORE}.mine`, plain);
    expect((await box.oma("doctor")).stdout).toMatch(
      /^warn +encryption: .*in the open: .*mine\n +fix: run `oma encrypt`/m,
    );
    expect((await box.oma("encrypt")).stdout).toMatch(
      /encrypted already, with a passphrase; 1 file rewritten\n.*mine\n$/,
    );
    expect(await inTheOpen()).toEqual([]);
    const other = await box.oma("encrypt", "--keychain");
    expect(other).toMatchObject({ code: 1, stdout: "" });
    expect(other.stderr).toMatch(/^error ALREADY_ENCRYPTED: .*\nfix: run `oma decrypt` first/);
  });

  it("on a terminal a new passphrase is typed twice, and asked for once per command", async () => {
    const asked: string[] = [];
    const terminal = (...answers: string[]) =>
      fakeContext({
        env: box.env,
        cwd: box.home,
        interactive: true,
        askSecret: async (question) => {
          asked.push(question);
          return answers.shift() ?? "";
        },
      });
    expect(await run(["encrypt"], terminal("too few", "too few"))).toBe(2);
    expect(await run(["encrypt"], terminal(PASSPHRASE, "correct house"))).toBe(1);
    expect(await inTheOpen()).toHaveLength(3);
    expect(await run(["encrypt"], terminal(PASSPHRASE, PASSPHRASE))).toBe(0);
    expect(await inTheOpen()).toEqual([]);
    asked.length = 0;
    expect(await run(["restore"], terminal(PASSPHRASE))).toBe(0);
    expect(await run(["decrypt"], terminal(PASSPHRASE))).toBe(0);
    expect(asked).toEqual(Array.from({ length: 2 }, () => "Passphrase of the account store:"));
  });
});
