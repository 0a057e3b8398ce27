import { createCipheriv, scryptSync } from "node:crypto";
import { chmod, readdir, readFile } from "node:fs/promises";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { openPool } from "@open-multi-auth/runtime-node";
import { importEarlier } from "../src/import/import-earlier.ts";
import { fakeContext } from "../src/testing.ts";
import { buildProgram, codexAuth, createSandbox, type Sandbox } from "./sandbox.ts";

const BASELINE = ".config/opencode-multi-auth/accounts.json";
const PLACES = {
  baseline: BASELINE,
  crim50n: ".config/opencode/opencode-multi-auth-codex-accounts.json",
  "oc-codex": ".opencode/oc-codex-multi-auth-accounts.json",
  "codex-ma": ".codex/multi-auth/openai-codex-accounts.json",
} as const;
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

describe("oma import --from an earlier plugin's store", () => {
  it("AUT-03: takes over a v1 store in one go, and leaves it as it was", async () => {
    await box.write(BASELINE, v1());
    const before = await box.read(BASELINE);
    const dry = await box.oma("import", "--from", "baseline", "--dry-run");
    expect(dry.code).toBe(0);
    expect(dry.stdout).toMatchInlineSnapshot(`
      "would add         work (ann@example.com)
      would add         no-spaces (bob@example.com)  it was called "no spaces"
      would quarantine  broken                       accounts.broken.refreshToken: must be a string
      the active account and settings would be taken over
      "
    `);
    expect(await box.accounts()).toEqual({});
    expect(box.has(".local/share/open-multi-auth/quarantine")).toBe(false);
    const done = await box.oma("import", "--from", "baseline");
    expect(done.code).toBe(0);
    expect(done.stdout).toMatchInlineSnapshot(`
      "added        work (ann@example.com)
      added        no-spaces (bob@example.com)  it was called "no spaces"
      quarantined  broken                       accounts.broken.refreshToken: must be a string
      the active account and settings are taken over
      "
    `);
    expect(await box.accounts()).toMatchObject({
      work: {
        refreshToken: "rt_ann_canary_1",
        tags: ["team"],
        notes: "mine",
        usageCount: 9,
        source: "codex",
      },
      "no-spaces": { refreshToken: "rt_bob_canary_1" },
    });
    const [aside = ""] = await readdir(box.path(".local/share/open-multi-auth/quarantine"));
    expect(await box.read(`.local/share/open-multi-auth/quarantine/${aside}`)).toContain(
      "rt_canary_left_over",
    );
    expect(await box.read(BASELINE)).toBe(before);
    expect(dry.stdout + dry.stderr + done.stdout + done.stderr).not.toContain("canary");
    const again = await box.oma("import", "--from", BASELINE);
    expect(again.stdout).toMatch(/^kept +work \(ann@example\.com\) +it is linked already/);
  });

  it.each(Object.entries(PLACES))(
    "AUT-03: finds the store of %s in its place, and by its path",
    async (name, place) => {
      await box.write(place, name === "baseline" ? v1() : list());
      const named = await box.oma("import", "--from", name);
      expect(named).toMatchObject({ code: 0 });
      expect(named.stderr).toContain(`read ${box.path(place)}`);
      const count = Object.keys(await box.accounts()).length;
      expect(count).toBeGreaterThan(0);
      expect((await box.oma("import", "--from", place)).stdout).toMatch(/^kept/);
      expect(Object.keys(await box.accounts())).toHaveLength(count);
    },
  );

  it("AUT-09, AUT-12: recognises accounts that are linked here; one person's workspaces stay apart", async () => {
    await box.write(".codex/auth.json", codexAuth("ann"));
    await box.oma("import", "--alias", "mine");
    await box.write(BASELINE, list());
    const ended = await box.oma("import", "--from", "baseline");
    expect(ended).toMatchObject({ code: 0 });
    expect(await box.accounts()).toMatchObject({
      mine: { accountId: "workspace-ann", refreshToken: "rt_ann_1_canary" },
      "ann-2": { accountId: "workspace-2", refreshToken: "rt_ann_canary_2" },
    });
    expect(Object.keys(await box.accounts())).toEqual(["mine", "ann-2"]);
  });

  it("says which copy it used when the store is broken", async () => {
    await box.write(BASELINE, "{ oops");
    await box.write(`${BASELINE}.lkg`, v1());
    const ended = await box.oma("import", "--from", "baseline");
    expect(ended).toMatchObject({ code: 0 });
    expect(ended.stderr).toContain(`${box.path(BASELINE)} is not JSON\nread ${box.path(BASELINE)}.lkg\n`);
  });

  it("needs the passphrase of an encrypted store, and a wrong one changes nothing", async () => {
    await box.write(BASELINE, encrypted(JSON.stringify(v1()), " the passphrase"));
    const needed = await box.oma("import", "--from", "baseline");
    expect(needed.code).toBe(2);
    expect(needed.stderr).toContain("error EARLIER_STORE_ENCRYPTED");
    box.env["CODEX_SOFT_STORE_PASSPHRASE"] = "the passphrase";
    const wrong = await box.oma("import", "--from", "baseline");
    expect(wrong.code).toBe(1);
    expect(wrong.stderr).toMatch(/error EARLIER_PASSPHRASE_WRONG.*\nfix: /);
    expect(await box.accounts()).toEqual({});
    box.env["CODEX_SOFT_STORE_PASSPHRASE"] = " the passphrase";
    expect((await box.oma("import", "--from", "baseline")).code).toBe(0);
    expect(Object.keys(await box.accounts())).toEqual(["work", "no-spaces"]);
  });

  it("asks for the passphrase on a terminal", async () => {
    const path = await box.write(BASELINE, encrypted(JSON.stringify(v1()), "asked for"));
    const pool = (await openPool({ env: box.env }))._unsafeUnwrap();
    const questions: string[] = [];
    const context = fakeContext({
      env: box.env,
      interactive: true,
      askSecret: async (question) => (questions.push(question), "asked for"),
    });
    const ended = await importEarlier(pool, path, { aliasGiven: false, dryRun: false }, context);
    await pool.close();
    expect(ended._unsafeUnwrap()).toBe(0);
    expect(questions).toEqual([`Passphrase of ${path}:`]);
    expect(Object.keys(await box.accounts())).toEqual(["work", "no-spaces"]);
  });

  it("says where it looked when there is none, and refuses --alias", async () => {
    const none = await box.oma("import", "--from", "codex-ma");
    expect(none).toMatchObject({ code: 1, stdout: "" });
    expect(none.stderr).toContain(
      `error EARLIER_STORE_UNKNOWN: ${box.path(PLACES["codex-ma"])} does not exist`,
    );
    await box.write(BASELINE, v1());
    expect(await box.oma("import", "--from", "baseline", "--alias", "x")).toMatchObject({
      code: 2,
      stdout: "",
    });
    expect(await box.accounts()).toEqual({});
  });

  it("names what holds secrets after an import and in doctor, and deletes none of it", async () => {
    const left = [
      await box.write(BASELINE, v1()),
      await box.write(`${BASELINE}.bak`, v1()),
      await box.write(`${BASELINE}.tmp-4711-1789990000000`, v1()),
      await box.write(".config/opencode-multi-auth/credentials.json", { password: "canary" }),
      await box.write(".codex-multi/zoe/auth.json", codexAuth("ann")),
    ];
    const imported = await box.oma("import", "--from", "baseline");
    const { checks } = JSON.parse((await box.oma("doctor", "--json")).stdout);
    const told = checks.filter(({ name }: { name: string }) => name === "leftovers");
    expect(told).toHaveLength(left.length);
    for (const [n, path] of left.entries()) {
      expect(imported.stderr).toContain(path);
      expect(told[n]).toMatchObject({ status: "warn", message: expect.stringContaining(path) });
      expect(await readFile(path, "utf8")).not.toBe("");
    }
    expect(JSON.stringify(checks) + imported.stderr).not.toContain("canary");
  });
});

describe("a STORE_FILE of an earlier plugin", () => {
  it("is imported from and left alone", async () => {
    const file = await box.write(BASELINE, v1());
    await chmod(dirname(file), 0o700);
    const before = await box.read(BASELINE);
    box.env["OPENCODE_MULTI_AUTH_STORE_FILE"] = file;
    const first = await box.oma("list");
    expect(first).toMatchObject({ code: 0, stdout: expect.stringContaining("no-spaces") });
    expect(first.stderr).toContain(`they stay in ${file} too`);
    expect((await box.oma("disable", "work")).stderr).toBe("");
    expect(await box.read(BASELINE)).toBe(before);
    const own = JSON.parse(await box.read(".config/opencode-multi-auth/accounts.store.json"));
    expect(own.accounts.work.enabled).toBe(false);
    const { checks } = JSON.parse((await box.oma("doctor", "--json")).stdout);
    expect(checks).toContainEqual(
      expect.objectContaining({ name: "leftovers", message: expect.stringContaining(file) }),
    );
  });
});

describe("docs/migrating.md", () => {
  it("AUT-03: every command in it does what it says", async () => {
    const doc = await readFile(fileURLToPath(new URL("../../../docs/migrating.md", import.meta.url)), "utf8");
    const blocks = [...doc.matchAll(/```sh\n(?<commands>.*?)```/gs)];
    const commands = blocks.flatMap(({ groups }) => groups?.["commands"]?.trim().split("\n") ?? []);
    for (const [name, place] of Object.entries(PLACES))
      await box.write(place, name === "baseline" ? v1() : list());
    await box.write("backup/accounts.json", v1());
    expect(commands.length).toBeGreaterThanOrEqual(8);
    for (const command of commands) {
      const groups = /^(?:(?<name>[A-Z_]+)="(?<value>[^"]*)" )?oma (?<words>.*)$/.exec(command)?.groups;
      const words = groups?.["words"]?.split(" ").map((word) => word.replace(/^~/, box.home)) ?? [];
      if (groups?.["name"]) {
        box.env[groups["name"]] = groups["value"] ?? "";
        await box.write(BASELINE, encrypted(JSON.stringify(v1()), groups["value"] ?? ""));
      }
      const ended = await box.oma(...words);
      // Without an OpenCode in this home, doctor warns; it fails for no reason of the store's.
      expect([command, ended.code, ended.stderr.includes("error ")]).toEqual([command, 0, false]);
    }
    expect(Object.keys(await box.accounts()).length).toBeGreaterThan(2);
  });
});

/** A store of the baseline's first version: one good name, one that is no alias, one entry without a login. */
const v1 = (): object => ({
  accounts: {
    work: entry("ann", { tags: ["team"], notes: "mine", usageCount: 9, source: "codex" }),
    "no spaces": entry("bob"),
    broken: { alias: "broken", accessToken: "rt_canary_left_over", usageCount: 1 },
  },
  activeAlias: "work",
  rotationIndex: 0,
  lastRotation: 0,
});

/** A list of accounts: one person in two workspaces. */
const list = (): object => ({
  version: 2,
  accounts: [
    entry("ann", { accountId: "workspace-ann", userId: "user-ann" }),
    entry("ann", { accountId: "workspace-2", userId: "user-ann", refreshToken: "rt_ann_canary_2" }),
  ],
  activeIndex: 0,
});

const entry = (name: string, more: object = {}): object => ({
  email: `${name}@example.com`,
  accessToken: `at_${name}_canary`,
  refreshToken: `rt_${name}_canary_1`,
  expiresAt: 1_790_000_000_000,
  usageCount: 0,
  ...more,
});

/** As the baseline encrypts. */
function encrypted(text: string, passphrase: string): object {
  const [salt, iv] = [Buffer.from("0123456789abcdef"), Buffer.from("abcdefghijkl")];
  const cipher = createCipheriv("aes-256-gcm", scryptSync(passphrase, salt, 32), iv);
  const data = Buffer.concat([cipher.update(text, "utf8"), cipher.final()]);
  const [s, i, t, d] = [salt, iv, cipher.getAuthTag(), data].map((bytes) => bytes.toString("base64"));
  return { encrypted: true, version: 1, salt: s, iv: i, tag: t, data: d };
}
