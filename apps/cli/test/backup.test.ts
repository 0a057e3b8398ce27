import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { watch } from "node:fs";
import { cp, readdir, readFile, stat } from "node:fs/promises";
import { promisify } from "node:util";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { run } from "../src/run.ts";
import { fakeContext } from "../src/testing.ts";
import { buildProgram, codexAuth, createSandbox, type Sandbox } from "./sandbox.ts";

const FOLDER = ".local/share/open-multi-auth";
const STORE = `${FOLDER}/store.json`;
/** Of a refresh token, and how head and body of the others begin: three letters alone also come up in cipher text. */
const SECRETS = /canary|eyJhbGciOi|eyJleHAiO/;
let program: Awaited<ReturnType<typeof buildProgram>>;
let box: Sandbox;

beforeAll(async () => {
  program = await buildProgram();
});
afterAll(() => program.remove());
beforeEach(async () => {
  box = await createSandbox(program.program);
  await box.write("passphrase", "correct horse, battery\n");
  for (const name of ["ann", "bob"]) await link(box, name);
});
afterEach(() => box.remove());

const withPassphrase = ["--passphrase-file", "passphrase"];

async function link(into: Sandbox, name: string, day = 1): Promise<void> {
  await into.write(".codex/auth.json", codexAuth(name, day));
  expect(await into.oma("import")).toMatchObject({ code: 0 });
}

/** Another home folder, as on another machine. */
async function onAnother<T>(use: (other: Sandbox) => Promise<T>): Promise<T> {
  const other = await createSandbox(program.program);
  try {
    for (const name of (await readdir(box.home)).filter((file) => !file.startsWith("."))) {
      await cp(box.path(name), other.path(name));
    }
    return await use(other);
  } finally {
    await other.remove();
  }
}

/** Changes the store as a program would that works at the same time. */
async function edit(alias: string, fields: object): Promise<void> {
  const state = JSON.parse(await box.read(STORE));
  await box.write(STORE, {
    ...state,
    accounts: { ...state.accounts, [alias]: { ...state.accounts[alias], ...fields } },
  });
}

describe("oma export, oma import-backup", () => {
  it("STO-16: an encrypted backup brings everything to another machine, and shows nothing on its way", async () => {
    await box.oma("disable", "bob", "--reason", "on holiday");
    const exported = await box.oma("export", "a.backup.json", ...withPassphrase);
    expect(exported).toMatchObject({ code: 0 });
    expect(exported.stdout).toBe(`2 accounts exported to ${box.path("a.backup.json")}, encrypted\n`);
    expect((await stat(box.path("a.backup.json"))).mode & 0o777).toBe(0o600);
    expect(await box.read("a.backup.json")).not.toMatch(/canary|eyJ|ann|bob|holiday/);

    await onAnother(async (other) => {
      const dry = await other.oma("import-backup", "a.backup.json", "--dry-run", ...withPassphrase);
      expect(dry).toMatchObject({ code: 0, stdout: "would be imported:\n+ ann\n+ bob\n", stderr: "" });
      expect(await other.accounts()).toEqual({});
      other.env["OPENCODE_MULTI_AUTH_PASSPHRASE"] = "correct horse, battery";
      const imported = await other.oma("import-backup", "a.backup.json", "--json");
      expect(JSON.parse(imported.stdout)).toEqual({
        dryRun: false,
        added: ["ann", "bob"],
        removed: [],
        changed: [],
        settings: [],
        kept: [],
        renamed: [],
      });
      expect(await other.accounts()).toEqual(await box.accounts());
      expect((await other.oma("doctor")).stdout).toContain("set: OPENCODE_MULTI_AUTH_PASSPHRASE");
    });
  });

  it("STO-16: import never overwrites without being told; told, it keeps the newer login", async () => {
    await box.oma("export", "a.backup.json", "--plain");
    expect(await box.read("a.backup.json")).toMatch(SECRETS);
    await link(box, "ann", 2);
    await box.oma("disable", "ann");
    await link(box, "cid");
    const before = await box.read(STORE);
    const same = await box.oma("import-backup", "a.backup.json");
    expect(same.stdout).toMatch(
      /^nothing imported\n= ann: kept, differs in .*enabled.*\(see --overwrite\)\n$/,
    );
    expect(same.stdout).not.toMatch(SECRETS);
    expect(await box.read(STORE)).toBe(before);

    const told = await box.oma("import-backup", "a.backup.json", "--overwrite");
    expect(told.stdout).toMatch(/^imported:\n~ ann: .*enabled/);
    const accounts = await box.accounts();
    expect(Object.keys(accounts)).toEqual(["ann", "bob", "cid"]);
    expect(accounts["ann"]).toMatchObject({ enabled: true, refreshToken: "rt_ann_2_canary" });
    // The state before the import can be had again.
    expect(await box.oma("restore", "latest", "--yes")).toMatchObject({ code: 0 });
    expect((await box.accounts())["ann"]).toMatchObject({ enabled: false, refreshToken: "rt_ann_2_canary" });
  });

  it("STO-16: import half-applies nothing when one account is broken or the disk refuses", async () => {
    await box.oma("export", "a.backup.json", "--plain");
    const backup = JSON.parse(await box.read("a.backup.json"));
    backup.store.accounts.bob.expiresAt = "soon";
    await box.write("broken.backup.json", backup);
    await onAnother(async (other) => {
      const broken = await other.oma("import-backup", "broken.backup.json");
      expect(broken).toMatchObject({ code: 1, stdout: "" });
      expect(broken.stderr).toMatch(/^error BACKUP_INVALID: .*accounts\.bob\.expiresAt.*\nfix: /);
      expect(other.has(".local")).toBe(false);

      await other.oma("list");
      const before = await other.read(STORE);
      const limited = ["-c", 'ulimit -f 2; exec "$@"', "sh", process.execPath, program.program];
      const refused = promisify(execFile)("/bin/sh", [...limited, "import-backup", "a.backup.json"], {
        env: other.env,
        cwd: other.home,
      });
      await expect(refused).rejects.toMatchObject({
        stderr: expect.stringMatching(/^error STORE_UNWRITABLE: /m),
      });
      expect(await other.read(STORE)).toBe(before);
      const left = (await readdir(other.path(FOLDER))).filter((name) => name.startsWith("store"));
      expect(left.toSorted()).toEqual(["store.json", "store.json.lkg"]);
    });
  });

  it("STO-16: import killed at one of the first events of its write leaves all of it or nothing", async () => {
    await box.oma("export", "a.backup.json", "--plain");
    const outcomes = new Set<string>();
    let killed = 0;
    for (let event = 1; event <= 4; event += 1) {
      await onAnother(async (other) => {
        await other.oma("list");
        const child = spawn(process.execPath, [program.program, "import-backup", "a.backup.json"], {
          env: other.env,
          cwd: other.home,
          stdio: "ignore",
        });
        let seen = 0;
        const watcher = watch(other.path(FOLDER), () => {
          seen += 1;
          if (seen === event) child.kill("SIGKILL");
        });
        await once(child, "exit");
        watcher.close();
        if (child.signalCode === "SIGKILL") killed += 1;
        // Its next reader, not the file, tells what a person has.
        const listed = await other.oma("list", "--json");
        expect(listed).toMatchObject({ code: 0, stderr: "" });
        const { accounts }: { accounts: { alias: string }[] } = JSON.parse(listed.stdout);
        outcomes.add(accounts.map(({ alias }) => alias).join());
      });
    }
    expect([...outcomes].filter((outcome) => outcome !== "" && outcome !== "ann,bob")).toEqual([]);
    expect(killed).toBeGreaterThan(0);
  });

  it("names every reason why a backup is not opened, without a secret", async () => {
    await box.oma("export", "a.backup.json", ...withPassphrase);
    const text = await box.read("a.backup.json");
    await box.write("cut.json", text.slice(0, text.length / 2));
    await box.write("newer.json", text.replace('"version": 1', '"version": 2'));
    await box.write("other.json", { hello: "world" });
    await box.write("wrong", "horse battery staple");
    await box.write("empty", "\n");
    const cases: [string[], number, string][] = [
      [["a.backup.json"], 2, "PASSPHRASE_NEEDED"],
      [["a.backup.json", "--passphrase-file", "empty"], 2, "PASSPHRASE_NEEDED"],
      [["a.backup.json", "--passphrase-file", "missing"], 2, "PASSPHRASE_UNREADABLE"],
      [["a.backup.json", "--passphrase-file", "wrong"], 1, "PASSPHRASE_WRONG"],
      [["cut.json"], 1, "BACKUP_DAMAGED"],
      [["newer.json"], 1, "BACKUP_UNSUPPORTED"],
      [["other.json"], 1, "BACKUP_FOREIGN"],
      [[STORE], 1, "BACKUP_FOREIGN"],
      [["missing.json"], 1, "BACKUP_UNREADABLE"],
      [[], 2, "USAGE"],
    ];
    for (const [args, code, name] of cases) {
      const ended = await box.oma("import-backup", ...args);
      expect({ args, code: ended.code }).toEqual({ args, code });
      expect(ended.stderr).toMatch(new RegExp(`^error ${name}: .*\\nfix: `));
      expect(ended.stderr).not.toMatch(/horse/);
    }
  });

  it("export replaces no file, and refuses a passphrase that protects nothing", async () => {
    await box.write("short", "secret");
    const before = await box.read("passphrase");
    const cases: [string[], number, string][] = [
      [["passphrase", "--plain"], 1, "FILE_EXISTS"],
      [["a.json"], 2, "PASSPHRASE_NEEDED"],
      [["a.json", "--passphrase-file", "short"], 2, "PASSPHRASE_WEAK"],
      [["a.json", "--plain", ...withPassphrase], 2, "USAGE"],
      [["missing/a.json", "--plain"], 1, "STORE_UNWRITABLE"],
    ];
    for (const [args, code, name] of cases) {
      const ended = await box.oma("export", ...args);
      expect({ args, code: ended.code, stdout: ended.stdout }).toEqual({ args, code, stdout: "" });
      expect(ended.stderr).toMatch(new RegExp(`^error ${name}: .*\\nfix: `));
    }
    expect(box.has("a.json")).toBe(false);
    expect(await box.read("passphrase")).toBe(before);
    await box.oma("remove", "ann", "--yes");
    await box.oma("remove", "bob", "--yes");
    expect((await box.oma("export", "--plain")).stderr).toMatch(/^error NO_ACCOUNTS: /);
  });

  it("export asks for the passphrase twice on a terminal, and names the file by the day", async () => {
    const asking = (...answers: string[]) =>
      fakeContext({
        env: box.env,
        cwd: box.home,
        interactive: true,
        askSecret: async () => answers.shift() ?? "",
      });
    const differing = asking("correct horse", "correct house");
    expect(await run(["export"], differing)).toBe(1);
    expect(differing.errors.join("\n")).toContain("PASSPHRASE_MISMATCH");
    const agreeing = asking("correct horse", "correct horse");
    expect(await run(["export"], agreeing)).toBe(0);
    expect(box.has("open-multi-auth-2026-11-21.backup.json")).toBe(true);
    const opening = asking("correct horse");
    expect(await run(["import-backup", "open-multi-auth-2026-11-21.backup.json"], opening)).toBe(0);
    expect(opening.printed).toEqual(["nothing imported"]);
  });
});

describe("oma restore", () => {
  it("lists what was kept and what each would change, without a token", async () => {
    await box.oma("remove", "bob", "--yes");
    await link(box, "cid");
    const listed = await box.oma("restore");
    expect(listed).toMatchObject({ code: 0, stderr: "" });
    const lines = listed.stdout.trimEnd().split("\n");
    expect(lines[1]).toMatch(/^\d{4}-\d\d-\d\dT\S+Z {2}\d+ s ago {2}\+bob -cid$/);
    const { stdout } = await box.oma("restore", "--json");
    const { snapshots } = JSON.parse(stdout);
    expect(snapshots[0]).toEqual({
      id: lines[1]?.split(" ")[0],
      takenAt: expect.any(String),
      accounts: ["ann", "bob"],
      difference: { added: ["bob"], removed: ["cid"], changed: [], settings: [] },
    });
    expect(listed.stdout + stdout).not.toMatch(SECRETS);
  });

  it("STO-16: restores as one change after a yes, and what it replaced can be restored too", async () => {
    const bob = (await box.accounts())["bob"];
    await box.oma("remove", "bob", "--yes");
    await link(box, "cid");
    const before = await box.read(STORE);
    const unasked = await box.oma("restore", "latest");
    expect(unasked).toMatchObject({ code: 2, stdout: "" });
    expect(unasked.stderr).toMatch(
      /^this would change:\n\+ bob\n- cid\nerror CONFIRMATION_NEEDED: .*\nfix: add --yes/,
    );
    const no = fakeContext({ env: box.env, interactive: true });
    expect(await run(["restore", "latest"], no)).toBe(1);
    expect(await box.read(STORE)).toBe(before);

    expect(await box.oma("restore", "latest", "--yes")).toMatchObject({ code: 0 });
    expect(Object.keys(await box.accounts())).toEqual(["ann", "bob"]);
    expect((await box.accounts())["bob"]).toEqual(bob);
    expect(await box.oma("restore", "latest", "--yes")).toMatchObject({ code: 0 });
    expect(Object.keys(await box.accounts())).toEqual(["ann", "cid"]);
  });

  it("never brings back a used-up refresh token, neither of a present account nor of one linked anew", async () => {
    await box.oma("disable", "ann");
    await edit("ann", { refreshToken: "rt_ann_rotated", accessToken: "newer" });
    await box.oma("remove", "bob", "--yes");
    await link(box, "bob", 2);
    const { snapshots } = JSON.parse((await box.oma("restore", "--json")).stdout);
    expect(await box.oma("restore", snapshots.at(-1).id, "--yes")).toMatchObject({ code: 0 });
    const accounts = await box.accounts();
    expect(accounts["ann"]).toMatchObject({ refreshToken: "rt_ann_rotated", accessToken: "newer" });
    expect(accounts["bob"]).toMatchObject({ refreshToken: "rt_bob_2_canary" });
  });

  it("says which snapshot it does not know, and when there is nothing to restore", async () => {
    await box.oma("disable", "ann");
    await box.oma("enable", "ann");
    expect((await box.oma("restore", "latest", "--yes")).stdout).toBe(
      "nothing to restore: all is as it was then\n",
    );
    const unknown = await box.oma("restore", "2020-01-01T00-00-00.000Z", "--yes");
    expect(unknown).toMatchObject({ code: 1, stdout: "" });
    expect(unknown.stderr).toMatch(/^error SNAPSHOT_NOT_FOUND: .*\nfix: /);
  });

  it("forgets the logins of removed accounts for good", async () => {
    expect((await box.oma("remove", "bob", "--yes")).stderr).toContain("oma restore --forget");
    const texts = async () => {
      const files = await readdir(box.path(FOLDER), { recursive: true, withFileTypes: true });
      const kept = files.filter((file) => file.isFile());
      return Promise.all(kept.map((file) => readFile(`${file.parentPath}/${file.name}`, "utf8")));
    };
    expect((await texts()).join("")).toContain("rt_bob");
    expect(await box.oma("restore", "--forget")).toMatchObject({ code: 2 });
    expect(await box.oma("restore", "latest", "--forget", "--yes")).toMatchObject({ code: 2 });
    const forgotten = await box.oma("restore", "--forget", "--yes");
    expect(forgotten).toMatchObject({ code: 0, stdout: expect.stringMatching(/^\d snapshots? deleted\n$/) });
    expect((await texts()).join("")).not.toContain("rt_bob");
    expect((await box.oma("restore")).stdout).toMatch(/^There is no snapshot yet/);
  });
});
