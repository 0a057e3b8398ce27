import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import {
  chmod,
  chown,
  copyFile,
  mkdir,
  readFile,
  readdir,
  rename,
  rm,
  stat,
  symlink,
  writeFile,
} from "node:fs/promises";
import { delimiter, dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, it, onTestFinished } from "vitest";
import { buildProgram, codexAuth, createSandbox, type Sandbox } from "./sandbox.ts";

const FOLDER = ".local/share/open-multi-auth";
const STORE = `${FOLDER}/store.json`;
const DOCUMENT = fileURLToPath(new URL("../../../docs/OFFLINE_RECOVERY.md", import.meta.url));

/** Puts a home folder into the plight of a recipe, follows it block by block, and looks whether all is well again. */
type Scenario = (box: Sandbox, follow: (on?: Sandbox) => Promise<string>) => Promise<void>;

const scenarios: Record<string, Scenario> = {
  "The store is damaged": async (box, follow) => {
    await box.write(STORE, "{");
    expect(await follow()).toContain("the last good snapshot was restored");
    expect(await aliasesOf(box)).toEqual(["ann", "bob"]);
    expect(await evidenceIn(box)).toEqual([]);
  },
  "The store and its last good copy are damaged": async (box, follow) => {
    await box.oma("disable", "bob");
    await box.write(STORE, "{");
    await box.write(`${STORE}.lkg`, "");
    await follow();
    expect(await aliasesOf(box)).toEqual(["ann", "bob"]);
    expect(await evidenceIn(box)).toEqual([]);
  },
  "The store was deleted": async (box, follow) => {
    await box.oma("disable", "bob");
    await rm(box.path(STORE));
    // With the last known good copy it needs no recipe.
    expect((await box.oma("list")).stdout).toContain("bob");
    await rm(box.path(STORE));
    await follow();
    expect(await aliasesOf(box)).toEqual(["ann", "bob"]);
  },
  "The whole folder was deleted": async (box, follow) => {
    await box.oma("export", "oma.backup.json");
    const before = await box.accounts();
    await rm(box.path(FOLDER), { recursive: true });
    await follow();
    expect(await box.accounts()).toEqual(before);
  },
  "The store cannot be read or written": async (box, follow) => {
    await chmod(box.path(STORE), 0o044);
    await chmod(box.path(FOLDER), 0o055);
    expect(await follow()).toContain("bob");
    expect((await stat(box.path(FOLDER))).mode & 0o777).toBe(0o700);
    expect((await stat(box.path(STORE))).mode & 0o777).toBe(0o600);
  },
  "Another user owns the store": async (box, follow) => {
    // Only root can give a file away; for everybody else the recipe changes nothing here.
    if (process.getuid?.() === 0) {
      await chown(box.path(FOLDER), 12_345, 12_345);
      expect((await box.oma("list")).stderr).toMatch(/^error STORE_PATH_UNSAFE: .* belongs to another user/);
    }
    await tool(box, "sudo", 'exec "$@"');
    expect(await follow()).toContain("bob");
  },
  "A link stands in the place of the store": async (box, follow) => {
    await rename(box.path(FOLDER), box.path("elsewhere"));
    await symlink(box.path("elsewhere"), box.path(FOLDER));
    expect((await box.oma("list")).stderr).toMatch(/^error STORE_PATH_UNSAFE: .* is a symbolic link/);
    expect(await follow()).toContain("bob");
  },
  "A process holds the lock and hangs": async (box, follow) => {
    const holder = await holdLock(box.path(`${STORE}.lock`));
    holder.kill("SIGSTOP");
    const gone = once(holder, "exit");
    await follow();
    await gone;
    expect(await box.oma("disable", "bob")).toMatchObject({ code: 0 });
    expect(box.has(`${STORE}.lock`)).toBe(false);
  },
  "The passphrase is lost": async (box, follow) => {
    await box.oma("export", "oma.backup.json");
    const before = await box.accounts();
    box.env["OPENCODE_MULTI_AUTH_PASSPHRASE"] = "the one that is lost";
    expect(await box.oma("encrypt")).toMatchObject({ code: 0 });
    box.env["OPENCODE_MULTI_AUTH_PASSPHRASE"] = "correct horse, battery";
    expect((await box.oma("list")).stderr).toMatch(/^error STORE_KEY_WRONG: .*\nfix: .*OFFLINE_RECOVERY/);
    expect(await follow()).toContain("bob");
    expect(await box.accounts()).toEqual(before);
    // It comes back.
    await rm(box.path(FOLDER), { recursive: true });
    await rename(box.path("open-multi-auth.sealed"), box.path(FOLDER));
    box.env["OPENCODE_MULTI_AUTH_PASSPHRASE"] = "the one that is lost";
    expect(await box.oma("decrypt")).toMatchObject({ code: 0 });
    expect(await box.accounts()).toEqual(before);
  },
  "The keychain is gone": async (box, follow) => {
    const keyring = `ring="$HOME/keyring"; mkdir -p "$ring"; for id; do :; done`;
    await tool(
      box,
      "secret-tool",
      `${keyring}; [ "$1" = store ] && cat >"$ring/$id" || cat 2>/dev/null "$ring/$id"`,
    );
    await box.oma("export", "oma.backup.json");
    expect(await box.oma("encrypt", "--keychain")).toMatchObject({ code: 0 });
    await rm(box.path("keyring"), { recursive: true });
    expect((await box.oma("list")).stderr).toMatch(
      /^error STORE_SEALED: .*keychain.*\nfix: .*OFFLINE_RECOVERY/,
    );
    expect(await follow()).toMatch(/encrypted with a key in the keychain[^]*bob/);
    expect(await box.oma("decrypt")).toMatchObject({ code: 0 });
    expect(await aliasesOf(box)).toEqual(["ann", "bob"]);
  },
  "You removed or changed something by mistake": async (box, follow) => {
    const before = await box.accounts();
    await box.oma("remove", "bob", "--yes");
    expect(await follow()).toContain("+bob");
    expect(await box.accounts()).toEqual(before);
  },
  "A login was refused": async (box, follow) => {
    await edit(box, "ann", { authInvalid: true, tags: ["team"] });
    expect((await box.oma("status")).stdout).toContain("refused");
    await codexLogin(box, "ann");
    await follow();
    const ann = (await box.accounts())["ann"];
    expect(ann).toMatchObject({ refreshToken: "rt_ann_2_canary", tags: ["team"] });
    expect(ann).not.toHaveProperty("authInvalid");
  },
  "The Codex CLI's login file is gone": async (box, follow) => {
    await rm(box.path(".codex/auth.json"));
    await codexLogin(box, "ann");
    expect(await follow()).toContain("ann (ann@example.com) is linked already; its login is renewed");
    expect(await aliasesOf(box)).toEqual(["ann", "bob"]);
  },
  "An account was set aside as broken": async (box, follow) => {
    await edit(box, "bob", { expiresAt: "soon" });
    expect((await box.oma("list")).stderr).toContain('account "bob" is not usable and was moved to');
    expect(await follow()).toMatch(/^bob-\w+\.json$/m);
    expect(await aliasesOf(box)).toEqual(["ann", "bob"]);
    expect(await readdir(box.path(FOLDER, "quarantine"))).toEqual([]);
  },
  "Moving to another machine": async (box, follow) => {
    const other = await newHome();
    await follow();
    await copyFile(box.path("oma.backup.json"), other.path("oma.backup.json"));
    expect(await follow(other)).toMatch(/^ann /m);
    expect(await other.accounts()).toEqual(await box.accounts());
  },
};

let program: Awaited<ReturnType<typeof buildProgram>>;
let recipes: ReadonlyMap<string, readonly string[]>;

beforeAll(async () => {
  program = await buildProgram();
  recipes = recipesIn(await readFile(DOCUMENT, "utf8"));
});
afterAll(() => program.remove());

it("DOC-03: the document has the recipes that are tested here, and no other", () => {
  expect([...recipes.keys()]).toEqual(Object.keys(scenarios));
});

it.each(Object.entries(scenarios))("DOC-03: %s", async (title, scenario) => {
  const box = await newHome();
  for (const name of ["ann", "bob"]) {
    await box.write(".codex/auth.json", codexAuth(name));
    await box.oma("import");
  }
  const blocks = [...(recipes.get(title) ?? [])];
  await scenario(box, async (on = box) => run(blocks.shift() ?? "exit 1", on));
  expect(blocks).toEqual([]);
});

/** The `sh` blocks under each heading. */
function recipesIn(text: string): Map<string, string[]> {
  const sections = text.split(/^## /m).slice(1);
  return new Map(
    sections.map((section) => [
      section.slice(0, section.indexOf("\n")),
      [...section.matchAll(/^```sh\n(?<block>.*?)^```$/gms)].map((match) => match.groups?.["block"] ?? ""),
    ]),
  );
}

/** Runs a block as a person's shell would; the first command that fails fails it. */
async function run(block: string, box: Sandbox): Promise<string> {
  const { stdout, stderr } = await promisify(execFile)("/bin/sh", ["-e", "-c", block], {
    env: box.env,
    cwd: box.home,
  });
  return stdout + stderr;
}

/** A home folder with `oma` on its path, where a passphrase needs no terminal. */
async function newHome(): Promise<Sandbox> {
  const box = await createSandbox(program.program);
  onTestFinished(() => box.remove());
  box.env["PATH"] = [box.path("bin"), "/usr/bin", "/bin"].join(delimiter);
  box.env["OPENCODE_MULTI_AUTH_PASSPHRASE"] = "correct horse, battery";
  await tool(box, "oma", `exec ${process.execPath} ${program.program} "$@"`);
  return box;
}

async function tool(box: Sandbox, name: string, script: string): Promise<void> {
  await mkdir(dirname(box.path("bin", name)), { recursive: true });
  await writeFile(box.path("bin", name), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
}

/** A Codex CLI whose `login` signs in a person, a day after the first time. */
async function codexLogin(box: Sandbox, name: string): Promise<void> {
  await box.write("signed-in.json", codexAuth(name, 2));
  await tool(box, "codex", 'cp "$HOME/signed-in.json" "$HOME/.codex/auth.json"');
}

async function edit(box: Sandbox, alias: string, fields: object): Promise<void> {
  const state = JSON.parse(await box.read(STORE));
  const account = { ...state.accounts[alias], ...fields };
  await box.write(STORE, { ...state, accounts: { ...state.accounts, [alias]: account } });
}

const aliasesOf = async (box: Sandbox): Promise<string[]> => Object.keys(await box.accounts());

const evidenceIn = async (box: Sandbox): Promise<string[]> =>
  (await readdir(box.path(FOLDER))).filter((name) => name.includes(".corrupt-"));

/** A process that has taken the lock and keeps it. */
async function holdLock(path: string) {
  const library = new URL("../../../packages/core-store/src/node/index.ts", import.meta.url).href;
  const script = `
    import { createFileLock } from ${JSON.stringify(library)};
    const lock = createFileLock(${JSON.stringify(path)}, { clock: { now: Date.now }, random: { next: Math.random } });
    console.log((await lock.acquire({ deadlineMs: 0 })).isOk());
    setInterval(() => {}, 1000);`;
  const args = ["--conditions=@open-multi-auth/source", "--input-type=module", "-e", script];
  const holder = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] });
  onTestFinished(() => void holder.kill("SIGKILL"));
  const [line] = await once(holder.stdout, "data");
  expect(String(line)).toBe("true\n");
  return holder;
}
