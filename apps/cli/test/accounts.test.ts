import { stat } from "node:fs/promises";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { accountViewSchema } from "@open-multi-auth/domain";
import { buildProgram, codexAuth, createSandbox, openCodeAuth, type Sandbox } from "./sandbox.ts";

const STORE = ".local/share/open-multi-auth/store.json";
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

describe("oma import", () => {
  it("AUT-03: links the Codex CLI's login, from its usual place and from CODEX_AUTH_FILE", async () => {
    const usual = await box.write(".codex/auth.json", codexAuth("ann"));
    expect(await box.oma("import")).toMatchObject({ code: 0, stdout: "ann (ann@example.com) is linked\n" });
    const elsewhere = await box.write("elsewhere/auth.json", codexAuth("bob"));
    box.env["OPENCODE_MULTI_AUTH_CODEX_AUTH_FILE"] = elsewhere;
    expect(await box.oma("import", "--from", "codex", "--alias", "work")).toMatchObject({ code: 0 });
    expect(await box.accounts()).toMatchObject({
      ann: {
        accountId: "workspace-ann",
        planType: "plus",
        refreshToken: "rt_ann_1_canary",
        source: "codex",
        sharedWith: [
          { kind: "codex-auth-json", path: usual, fingerprint: expect.stringMatching(/^[0-9a-f]+$/) },
        ],
      },
      work: { accountId: "workspace-bob", sharedWith: [{ kind: "codex-auth-json", path: elsewhere }] },
    });
    expect((await stat(box.path(STORE))).mode & 0o777).toBe(0o600);
  });

  it("AUT-03: links OpenCode's login where the Codex CLI has none, and from a file of either form", async () => {
    await box.write(".local/share/opencode/auth.json", openCodeAuth("ann"));
    const found = await box.oma("import", "--alias", "ann");
    expect(found).toMatchObject({ code: 0, stdout: "ann is linked\n" });
    expect(found.stderr).toContain(".codex/auth.json does not exist");
    await box.write("copy/opencode.json", openCodeAuth("bob"));
    await box.write("copy/codex.json", codexAuth("cid"));
    expect(await box.oma("import", "--from", "copy/opencode.json", "--alias", "bob")).toMatchObject({
      code: 0,
    });
    expect(await box.oma("import", "--from", "./copy/codex.json")).toMatchObject({ code: 0 });
    expect(await box.accounts()).toMatchObject({
      ann: { source: "opencode" },
      bob: { source: "opencode" },
      cid: { source: "codex" },
    });
  });

  it("AUT-09: the same account again is recognised, also out of the other tool's file", async () => {
    await box.write(".codex/auth.json", codexAuth("ann"));
    await box.oma("import", "--alias", "work");
    const again = await box.oma("import", "--alias", "other");
    expect(again).toMatchObject({ code: 0 });
    expect(again.stdout).toContain("is linked already");
    expect(again.stdout).toContain("it keeps its alias work");
    await box.write(".local/share/opencode/auth.json", openCodeAuth("ann", 2));
    const newer = await box.oma("import", "--from", "opencode");
    expect(newer.stdout).toContain("work is linked already; its login is renewed");
    const accounts = await box.accounts();
    expect(Object.keys(accounts)).toEqual(["work"]);
    expect(accounts["work"]).toMatchObject({ refreshToken: "rt_ann_2_canary", email: "ann@example.com" });
    expect(accounts["work"]?.["sharedWith"]).toHaveLength(2);
  });

  it("links two accounts of the same name next to each other, and refuses an alias that is taken", async () => {
    await box.write(".codex/auth.json", codexAuth("ann"));
    await box.oma("import");
    await box.write(".codex/auth.json", codexAuth("bob"));
    const taken = await box.oma("import", "--alias", "ann");
    expect(taken).toMatchObject({ code: 1, stdout: "" });
    expect(taken.stderr).toContain("error ALIAS_TAKEN");
    expect(await box.oma("import", "--alias", "no spaces")).toMatchObject({ code: 2 });
    expect(Object.keys(await box.accounts())).toEqual(["ann"]);
  });

  it("says what it would do with --dry-run, and does nothing", async () => {
    await box.write(".codex/auth.json", codexAuth("ann"));
    const dry = await box.oma("import", "--dry-run");
    expect(dry).toMatchObject({ code: 0, stdout: "would do: ann (ann@example.com) is linked\n" });
    expect(await box.accounts()).toEqual({});
  });

  it.each([
    ["{ oops", "auth.json: must be a JSON object", "codex login"],
    [
      { tokens: { access_token: 5, refresh_token: "rt" } },
      "field tokens.access_token must be a text",
      "codex login",
    ],
    [
      { tokens: { access_token: "secret-token" } },
      "field tokens.refresh_token must be present",
      "codex login",
    ],
  ])("names file, field and fix of a bad file: %j", async (content, message, fix) => {
    const path = await box.write(".codex/auth.json", content);
    const before = await box.read(".codex/auth.json");
    const bad = await box.oma("import");
    expect(bad.code).toBe(1);
    expect(bad.stderr).toContain(`error AUTH_FILE_INVALID: ${path}`);
    expect(bad.stderr).toContain(message);
    expect(bad.stderr).toMatch(new RegExp(`^fix: .*${fix}`, "m"));
    expect(bad.stderr).not.toContain("secret-token");
    expect(await box.read(".codex/auth.json")).toBe(before);
    expect(await box.accounts()).toEqual({});
  });
});

describe("oma enable, disable, remove", () => {
  beforeEach(async () => {
    for (const name of ["ann", "bob"]) {
      await box.write(".codex/auth.json", codexAuth(name));
      await box.oma("import", "--alias", name);
    }
  });

  it("ACC-01: a disabled account stays so across restarts, with who, when and why; enabling clears them", async () => {
    const disabled = await box.oma("disable", "ann", "--reason", "on holiday");
    expect(disabled).toMatchObject({ code: 0, stderr: "" });
    expect((await box.accounts())["ann"]).toMatchObject({
      enabled: false,
      disabledAt: expect.any(Number),
      disabledBy: { via: "cli", user: expect.any(String) },
      disableReason: "on holiday",
    });
    expect(JSON.parse((await box.oma("list", "--json")).stdout).accounts[0]).toMatchObject({
      enabled: false,
      disableReason: "on holiday",
    });
    expect(await box.oma("enable", "ann")).toMatchObject({ code: 0 });
    const enabled = (await box.accounts())["ann"];
    expect(enabled).toMatchObject({ enabled: true });
    for (const field of ["disabledAt", "disabledBy", "disableReason"])
      expect(enabled).not.toHaveProperty(field);
  });

  it("ACC-02: list and status show that a disabled account is not eligible", async () => {
    await box.oma("disable", "ann");
    expect((await box.oma("list")).stdout).toMatch(/^ann .* disabled$/m);
    expect((await box.oma("status")).stdout).toContain("1 of 2 accounts can serve now");
    const { accounts } = JSON.parse((await box.oma("status", "--json")).stdout);
    expect(accounts[0]).toMatchObject({
      alias: "ann",
      eligibility: { eligible: false, reasons: ["disabled"] },
    });
    expect(accounts[1]).toMatchObject({ alias: "bob", eligibility: { eligible: true, reasons: [] } });
  });

  it("status ends with 3 where there are accounts and none is eligible", async () => {
    expect((await box.oma("status")).code).toBe(0);
    for (const alias of ["ann", "bob"]) await box.oma("disable", alias, "--allow-none");
    const stuck = await box.oma("status");
    expect(stuck).toMatchObject({ code: 3, stderr: "" });
    expect(stuck.stdout).toContain("0 of 2 accounts can serve now");
    expect((await box.oma("status", "--json")).code).toBe(3);
  });

  it("ACC-05: the last enabled account is disabled only with --allow-none", async () => {
    await box.oma("disable", "ann");
    const before = await box.read(STORE);
    const last = await box.oma("disable", "bob");
    expect(last).toMatchObject({ code: 1, stdout: "" });
    expect(last.stderr).toMatch(/^error LAST_ENABLED_ACCOUNT: .*\nfix: .*--allow-none/);
    expect(await box.read(STORE)).toBe(before);
    expect(await box.oma("disable", "bob", "--allow-none")).toMatchObject({ code: 0 });
  });

  it("ACC-14: disabling, enabling and removing one account leaves every other one as it was", async () => {
    const before = (await box.accounts())["bob"];
    for (const args of [
      ["disable", "ann"],
      ["enable", "ann"],
      ["remove", "ann", "--yes"],
    ]) {
      expect(await box.oma(...args)).toMatchObject({ code: 0 });
      expect((await box.accounts())["bob"]).toEqual(before);
    }
    expect(Object.keys(await box.accounts())).toEqual(["bob"]);
  });

  it("ACC-13: removing the active and forced account leaves neither behind; without a terminal it needs --yes", async () => {
    const state = JSON.parse(await box.read(STORE));
    const forced = { forcedAlias: "ann", forcedUntil: Date.now() + 1e6, previousRotationStrategy: "random" };
    await box.write(STORE, { ...state, activeAlias: "ann", ...forced });
    const unasked = await box.oma("remove", "ann");
    expect(unasked).toMatchObject({ code: 2, stdout: "" });
    expect(unasked.stderr).toMatch(/^error CONFIRMATION_NEEDED: .*\nfix: add --yes/);
    expect(Object.keys(await box.accounts())).toContain("ann");
    expect(await box.oma("remove", "ann", "--yes")).toMatchObject({ code: 0, stdout: "ann is removed\n" });
    expect(JSON.parse(await box.read(STORE))).toMatchObject({
      activeAlias: null,
      forcedAlias: null,
      forcedUntil: null,
      rotationStrategy: "random",
    });
  });

  it("status --json has the full account view, limits unknown, and no token", async () => {
    const { stdout } = await box.oma("status", "--json");
    const { accounts } = JSON.parse(stdout);
    for (const account of accounts) {
      expect(accountViewSchema.strict().parse(account)).toMatchObject({
        limits: null,
        limitsConfidence: "unknown",
      });
    }
    expect(JSON.parse((await box.oma("list", "--json")).stdout)).toEqual({ accounts });
    for (const args of [["list"], ["status"], ["status", "--json"], ["doctor", "--json"]]) {
      const { stdout: text, stderr } = await box.oma(...args);
      expect(text + stderr).not.toMatch(/canary|eyJ/);
    }
  });

  it.each(["nobody", "__proto__", "constructor"])("knows no account called %s", async (alias) => {
    for (const args of [["enable"], ["disable"], ["remove", "--yes"]]) {
      const unknown = await box.oma(...args, alias);
      expect(unknown).toMatchObject({ code: 1, stdout: "" });
      expect(unknown.stderr).toMatch(/^error ACCOUNT_NOT_FOUND: .*\nfix: /);
    }
  });
});
