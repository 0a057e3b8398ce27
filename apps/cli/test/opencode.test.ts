import { chmod, lstat, mkdir, readdir, readFile, realpath, stat, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { listedPlugins } from "../src/opencode/listed.ts";
import { VERSION } from "../src/version.ts";
import { buildProgram, createSandbox, openCodeAuth, type Sandbox } from "./sandbox.ts";
import { openCodeBinary } from "./open-code-binary.ts";

const SPEC = `@open-multi-auth/opencode@${VERSION}`;
const GLOBAL = ".config/opencode/opencode.jsonc";
const AUTH = ".local/share/opencode/auth.json";
const COMMENTED = `{
  // which model
  "model": "openai/gpt-5.5", /* the good one */
  "plugin": [
    "other@1.0.0", // keep
    ["mine", { "x": 1 }]
  ],

  "autoupdate":false,
}
`;
let program: Awaited<ReturnType<typeof buildProgram>>;
let box: Sandbox;

beforeAll(async () => {
  program = await buildProgram();
});
afterAll(() => program.remove());
beforeEach(async () => {
  box = await createSandbox(program.program);
});
afterEach(() => box.remove());

describe("oma install and uninstall", () => {
  it("AUT-13: leave a configuration with comments byte for byte as it was", async () => {
    await box.write(GLOBAL, COMMENTED);
    const installed = await box.oma("install");
    expect(installed).toMatchObject({ code: 0, stderr: "" });
    expect(installed.stdout).toContain("not proven");
    expect(await box.read(GLOBAL)).toBe(
      COMMENTED.replace('["mine", { "x": 1 }]\n', `["mine", { "x": 1 }],\n    "${SPEC}"\n`),
    );
    expect(await box.oma("install")).toMatchObject({ code: 0, stdout: expect.stringContaining("already") });
    expect(await box.oma("uninstall")).toMatchObject({ code: 0, stderr: "" });
    expect(await box.read(GLOBAL)).toBe(COMMENTED);
  });

  it("AUT-13: leave nothing behind where there was no configuration", async () => {
    expect(await box.oma("install")).toMatchObject({ code: 0 });
    expect(JSON.parse(await box.read(GLOBAL))).toEqual({
      $schema: "https://opencode.ai/config.json",
      plugin: [SPEC],
    });
    expect(await box.oma("uninstall")).toMatchObject({ code: 0 });
    expect(box.has(".config")).toBe(false);
    expect((await box.oma("uninstall")).stdout).toContain("was not installed");
  });

  it("AUT-13: uninstall takes the plugin's placeholder out of OpenCode's logins, and only that", async () => {
    const placeholder = { type: "oauth", access: "open-multi-auth", refresh: "open-multi-auth", expires: 1 };
    const other = { anthropic: { type: "api", key: "sk-other" } };
    await box.write(AUTH, { ...other, openai: placeholder });
    expect((await box.oma("uninstall")).stdout).toContain("placeholder");
    expect(await box.read(AUTH)).toBe(`${JSON.stringify(other, null, 2)}\n`);
    await box.write(AUTH, { openai: placeholder });
    await box.oma("uninstall");
    expect(box.has(AUTH)).toBe(false);
  });

  it.each([[openCodeAuth("ann")], [{ openai: { type: "api", key: "open-multi-auth" } }], ["{ oops"]])(
    "AUT-13: uninstall leaves a login of the person's own alone: %#",
    async (content) => {
      await box.write(AUTH, content);
      const before = await box.read(AUTH);
      expect(await box.oma("uninstall")).toMatchObject({ code: 0 });
      expect(await box.read(AUTH)).toBe(before);
    },
  );

  it("AUT-13: the real OpenCode lists the plugin after install and no more after uninstall", async () => {
    await linkOpenCode(box);
    // As OpenCode has left every file that it ever read: it adds the schema by itself.
    const before = `{\n  "$schema": "https://opencode.ai/config.json",\n  // mine\n  "share": "disabled"\n}\n`;
    await box.write(GLOBAL, before);
    const installed = await box.oma("install");
    expect(installed).toMatchObject({ code: 0, stderr: "" });
    expect(installed.stdout).toContain("proven: `opencode debug config` lists it");
    const { checks } = JSON.parse((await box.oma("doctor", "--json")).stdout);
    expect(checks).toContainEqual({ name: "plugin", status: "ok", message: `OpenCode lists ${SPEC}` });
    expect(await box.oma("uninstall")).toMatchObject({ code: 0, stderr: "" });
    expect(await box.read(GLOBAL)).toBe(before);
    const after = await box.oma("doctor", "--json");
    expect(after.code).toBe(1);
    expect(JSON.parse(after.stdout).checks).toContainEqual({
      name: "plugin",
      status: "fail",
      message: "OpenCode does not list the plugin",
      fix: "run `oma install`",
    });
  });

  it("AUT-13: what the real OpenCode does not list is reported, however well the file was written", async () => {
    await linkOpenCode(box);
    box.env["OPENCODE_DISABLE_PROJECT_CONFIG"] = "1";
    const unproven = await box.oma("install", "--project");
    expect(await box.read("opencode.json")).toContain(SPEC);
    expect(unproven.code).toBe(1);
    expect(unproven.stderr).toMatch(/^error NOT_LISTED: .*\nfix: .*opencode debug config/);
  });

  it("AUT-13: with the real OpenCode, create and change nothing but the entry", async () => {
    await linkOpenCode(box);
    await mkdir(box.path(".git"));
    await box.write("opencode.json", '{ "plugin": ["./near.js"] }\n');
    await box.write(".opencode/opencode.json", '{ "share": "disabled" }\n');
    await box.write("prompt.txt", "Be brief");
    await box.write("dir/opencode.json", '{ "instructions": ["{file:../prompt.txt}"] }\n');
    box.env["OPENCODE_CONFIG_DIR"] = box.path("dir");
    // A search for configurations does not end at the root of a project for lack of Git here.
    box.env["TMPDIR"] = tmpdir();
    const before = await everything(box);
    expect((await box.oma("install", "--global")).stdout).toContain("proven: ");
    await box.oma("doctor");
    expect(await box.oma("uninstall")).toMatchObject({ code: 0, stderr: "" });
    expect(await everything(box)).toEqual(before);
  });

  it("AUT-13: the real OpenCode names relative entries where they really are", async () => {
    await linkOpenCode(box);
    await mkdir(box.path("project", ".git"), { recursive: true });
    await mkdir(box.path("project", "deep"));
    await box.write("project/opencode.json", '{ "plugin": ["./near.js"] }\n');
    const listing = await listedPlugins({ env: box.env, cwd: await realpath(box.path("project", "deep")) });
    const project = await realpath(box.path("project"));
    const near = { spec: join(project, "near.js"), source: join(project, "opencode.json") };
    expect(listing).toEqual({ kind: "listed", plugins: [near] });
  });

  it("edit the list that counts: the strongest of the three global files with one", async () => {
    await box.write(GLOBAL, "{}\n");
    await box.write(".config/opencode/opencode.json", '{ "plugin": ["other"] }\n');
    await box.oma("install");
    expect(await box.read(GLOBAL)).toBe("{}\n");
    expect(await box.read(".config/opencode/opencode.json")).toBe(`{ "plugin": ["other", "${SPEC}"] }\n`);
  });

  it("follow OPENCODE_CONFIG, --global and --project, and find all of them again", async () => {
    await mkdir(box.path(".git"));
    await box.write("custom.json", '{\n  "model": "x"\n}\n');
    await box.write("opencode.json", '{\n  "model": "y"\n}\n');
    box.env["OPENCODE_CONFIG"] = box.path("custom.json");
    await box.oma("install");
    expect(await box.read("custom.json")).toBe(`{\n  "model": "x",\n  "plugin": ["${SPEC}"]\n}\n`);
    await box.oma("install", "--global");
    expect(await box.read(GLOBAL)).toContain(SPEC);
    await box.oma("install", "opencode", "--project");
    expect(await box.read("opencode.json")).toContain(SPEC);
    delete box.env["OPENCODE_CONFIG"];
    await box.oma("uninstall", "opencode");
    expect(await box.read("custom.json")).toBe('{\n  "model": "x"\n}\n');
    expect(await box.read("opencode.json")).toBe('{\n  "model": "y"\n}\n');
    expect(box.has(GLOBAL)).toBe(false);
  });

  it("refuse a malformed file, naming file, line and fix, and write nothing", async () => {
    const broken = '{\n  "model": "x",\n  "plugin": [oops]\n}\n';
    const path = await box.write(GLOBAL, broken);
    await box.write(".config/opencode/opencode.json", '{ "plugin": [] }\n');
    const refused = await box.oma("install");
    expect(refused).toMatchObject({ code: 1, stdout: "" });
    expect(refused.stderr).toContain(`error CONFIG_INVALID: ${path}, line 3: `);
    expect(refused.stderr).toMatch(/^fix: repair line 3 /m);
    expect(await box.read(GLOBAL)).toBe(broken);
    expect(await box.read(".config/opencode/opencode.json")).toBe('{ "plugin": [] }\n');
    // What does not name us is no obstacle to leaving.
    expect(await box.oma("uninstall")).toMatchObject({ code: 0 });
  });

  it("refuse a file that is not UTF-8, and leave every byte of it", async () => {
    const bytes = Buffer.from('{\n  // caf\xe9\n  "model": "x"\n}\n', "latin1");
    const path = await box.write(GLOBAL, "");
    await writeFile(path, bytes);
    for (const command of ["install", "uninstall"]) {
      const refused = await box.oma(command);
      expect(refused).toMatchObject({ code: 1, stdout: "" });
      expect(refused.stderr).toMatch(/^error CONFIG_INVALID: .* is not UTF-8\nfix: save /);
      expect(await readFile(path)).toEqual(bytes);
    }
  });

  it("keep a byte order mark", async () => {
    await box.write(GLOBAL, '\uFEFF{ "model": "x" }\n');
    expect(await box.oma("install")).toMatchObject({ code: 0 });
    expect(await box.read(GLOBAL)).toMatch(/^\uFEFF\{.*plugin/s);
    await box.oma("uninstall");
    expect(await box.read(GLOBAL)).toBe('\uFEFF{ "model": "x" }\n');
  });

  it("refuse a read-only file, for root too", async () => {
    const path = await box.write(GLOBAL, "{}\n");
    await chmod(path, 0o444);
    const refused = await box.oma("install");
    expect(refused).toMatchObject({ code: 1, stdout: "" });
    expect(refused.stderr).toMatch(/^error CONFIG_UNWRITABLE: .*EACCES.*\nfix: .*permissions/);
    expect(await box.read(GLOBAL)).toBe("{}\n");
  });

  it("show a diff with --dry-run, and write nothing", async () => {
    await box.write(GLOBAL, '{\n  "model": "x"\n}\n');
    const dry = await box.oma("install", "--dry-run");
    expect(dry).toMatchObject({ code: 0 });
    expect(dry.stdout).toContain(`-   "model": "x"\n+   "model": "x",\n+   "plugin": ["${SPEC}"]\n`);
    expect(await box.read(GLOBAL)).toBe('{\n  "model": "x"\n}\n');
    await box.oma("install");
    expect((await box.oma("uninstall", "--dry-run")).stdout).toContain(`-   "plugin": ["${SPEC}"]`);
    expect(await box.read(GLOBAL)).toContain(SPEC);
  });

  it("keep a symbolic link, and the mode of what it points to", async () => {
    const target = await box.write("dotfiles/opencode.jsonc", "{\n}\n");
    await mkdir(box.path(".config/opencode"), { recursive: true });
    await symlink(target, box.path(GLOBAL));
    await box.oma("install");
    expect((await lstat(box.path(GLOBAL))).isSymbolicLink()).toBe(true);
    expect(await readFile(target, "utf8")).toContain(SPEC);
    expect((await stat(target)).mode & 0o777).toBe(0o644);
  });

  it("GWY-02: make what a symbolic link points to, and take it away again; the link stays", async () => {
    const [link, target] = [box.path(".codex/config.toml"), box.path("dotfiles/codex/config.toml")];
    await mkdir(box.path(".codex"));
    await symlink(target, link);
    expect(await box.oma("install", "codex")).toMatchObject({ code: 0 });
    expect(await readFile(target, "utf8")).toContain("open-multi-auth");
    expect(await box.oma("uninstall", "codex")).toMatchObject({ code: 0 });
    expect((await lstat(link)).isSymbolicLink()).toBe(true);
    expect(box.has("dotfiles/codex/config.toml")).toBe(false);
  });
});

/** Every file of the sandbox and its content, but those of our own store. */
async function everything(sandbox: Sandbox): Promise<Record<string, string>> {
  const entries = await readdir(sandbox.home, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const theirs = files.filter((file) => !file.includes("open-multi-auth"));
  return Object.fromEntries(
    await Promise.all(theirs.map(async (file) => [file, await readFile(file, "utf8")] as const)),
  );
}

/** Puts the real OpenCode on the sandbox's PATH, told to stay off the network. */
async function linkOpenCode(sandbox: Sandbox): Promise<void> {
  await mkdir(sandbox.path("bin"));
  await symlink(openCodeBinary(), sandbox.path("bin/opencode"));
  sandbox.env["OPENCODE_DISABLE_MODELS_FETCH"] = "1";
  sandbox.env["OPENCODE_DISABLE_AUTOUPDATE"] = "1";
  sandbox.env["TMPDIR"] = sandbox.home;
}
