import { readFile, stat } from "node:fs/promises";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { forceViewSchema, settingsViewSchema } from "@open-multi-auth/domain";
import { buildProgram, codexAuth, createSandbox, type Sandbox } from "./sandbox.ts";

const AUDIT = ".local/share/open-multi-auth/audit.jsonl";
const HOUR = 3_600_000;
let program: Awaited<ReturnType<typeof buildProgram>>;
let box: Sandbox;

beforeAll(async () => {
  program = await buildProgram();
});
afterAll(() => program.remove());
beforeEach(async () => {
  box = await createSandbox(program.program);
  for (const name of ["ann", "bob"]) {
    await box.write(".codex/auth.json", codexAuth(name));
    await box.oma("import");
  }
});
afterEach(() => box.remove());

const json = async (...args: string[]) => JSON.parse((await box.oma(...args, "--json")).stdout);
const audit = async (): Promise<Record<string, unknown>[]> =>
  (await readFile(box.path(AUDIT), "utf8"))
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line));

describe("oma force", () => {
  it("FRC-01: FRC-05: forces for 24 hours, which the same alias does not extend and another begins anew", async () => {
    const started = Date.now();
    const first = await box.oma("force", "ann");
    expect(first).toMatchObject({ code: 0, stderr: "" });
    expect(first.stdout).toMatch(
      /^ann is forced until \S+Z \(in 1 d\), by \S+; then strategy round-robin\n$/,
    );
    const { force } = await json("force");
    expect(forceViewSchema.strict().parse(force)).toMatchObject({
      active: true,
      alias: "ann",
      by: { via: "cli" },
    });
    expect(Date.parse(force.until)).toBeGreaterThanOrEqual(started + 24 * HOUR);
    expect((await box.oma("force", "ann")).stdout).toContain("it was forced before; its end stays");
    expect((await json("force")).force.until).toBe(force.until);
    expect(Date.parse((await json("force", "bob")).force.until)).toBeGreaterThan(Date.parse(force.until));
    const status = await box.oma("status");
    expect(status.stdout).toContain("bob (forced)");
    expect(status.stdout).toMatch(/^bob is forced until /m);
    expect((await json("status")).pool).toMatchObject({
      strategy: "round-robin",
      force: { active: true, alias: "bob" },
    });
  });

  it("FRC-10: clears, answers with the strategy that holds again, and is harmless without a force", async () => {
    expect(await box.oma("force", "--clear")).toMatchObject({
      code: 0,
      stdout: "no account was forced; strategy round-robin\n",
    });
    await box.oma("force", "ann");
    const waits = await box.oma("settings", "set", "rotationStrategy=least-used");
    expect(waits.stderr).toContain("strategy least-used holds once the force on ann has ended");
    expect((await box.oma("settings")).stdout).toMatch(
      /^rotationStrategy +round-robin, then least-used after/m,
    );
    expect((await box.oma("force", "--clear")).stdout).toBe(
      "ann is not forced any more; strategy least-used\n",
    );
    expect((await box.oma("force")).stdout).toBe("no account is forced; strategy least-used\n");
  });

  it("FRC-03: ACC-13: ends with its account, and the log says by whom", async () => {
    await box.oma("force", "ann");
    await box.oma("disable", "ann");
    expect((await box.oma("force")).stdout).toBe("no account is forced; strategy round-robin\n");
    await box.oma("force", "bob");
    await box.oma("remove", "bob", "--yes");
    expect((await json("force")).force).toEqual({ active: false, strategy: "round-robin" });
    expect((await audit()).map(({ action }) => action)).toEqual([
      "account.link",
      "account.link",
      "force.activate",
      "account.disable",
      "force.activate",
      "account.remove",
    ]);
  });

  it("FRC-11: refuses with the code and a fix, an end time above all, and forces nobody", async () => {
    await box.oma("disable", "bob");
    for (const [args, code, name] of [
      [["nobody"], 1, "ACCOUNT_NOT_FOUND"],
      [["bob"], 1, "ACCOUNT_DISABLED"],
      [["ann", "--clear"], 2, "USAGE"],
      [["ann", "--until", "99"], 2, "USAGE"],
      [["ann", "bob"], 2, "USAGE"],
    ] as const) {
      const refused = await box.oma("force", ...args);
      expect(refused).toMatchObject({ code, stdout: "" });
      expect(refused.stderr).toMatch(new RegExp(`^error ${name}: .+\nfix: .+\n$`));
    }
    expect((await json("force")).force.active).toBe(false);
  });

  it("says first that there is no account", async () => {
    for (const alias of ["ann", "bob"]) await box.oma("remove", alias, "--yes");
    expect((await box.oma("force", "nobody")).stderr).toContain("error NO_ACCOUNTS");
  });
});

describe("oma settings", () => {
  it("SET-01: shows every effective value with its origin, the variable among them", async () => {
    await box.oma("settings", "set", "criticalThreshold=5", "lowThreshold", "25", "accountWeights.ann=0.25");
    box.env["OPENCODE_MULTI_AUTH_LOW_THRESHOLD"] = "15";
    const shown = await box.oma("settings");
    expect(shown).toMatchObject({ code: 0, stderr: "" });
    expect(shown.stdout).toMatch(/^criticalThreshold +5 +persisted$/m);
    expect(shown.stdout).toMatch(/^lowThreshold +15 +environment \(OPENCODE_MULTI_AUTH_LOW_THRESHOLD\)$/m);
    expect(shown.stdout).toMatch(/^accountWeights\.ann +0\.25 \(share 20 %\) +persisted$/m);
    expect(shown.stdout).toMatch(/^accountWeights\.bob +1 \(share 80 %\) +default$/m);
    expect(shown.stdout).toMatch(/^sessionAffinity +on +default$/m);
    const view = settingsViewSchema.strict().parse(await json("settings"));
    expect(view).toMatchObject({ settings: { lowThreshold: 15 }, origins: { lowThreshold: "environment" } });
    expect((await box.oma("settings", "get", "lowThreshold")).stdout).toBe("15\n");
    const saved = await box.oma("settings", "set", "lowThreshold=35");
    expect(saved.stderr).toContain(
      "lowThreshold is saved, but OPENCODE_MULTI_AUTH_LOW_THRESHOLD outranks it",
    );
  });

  it("SET-06: SET-11: applies presets and resets, and says what changes", async () => {
    const preset = await box.oma("settings", "preset", "Conservative");
    expect(preset).toMatchObject({ code: 0, stdout: "criticalThreshold: 10 -> 5\nlowThreshold: 30 -> 15\n" });
    expect((await box.oma("settings", "reset", "lowThreshold")).stdout).toBe("lowThreshold: 15 -> 30\n");
    expect((await box.oma("settings", "reset")).stdout).toBe("criticalThreshold: 5 -> 10\n");
    expect((await box.oma("settings", "reset")).stdout).toBe("no effective value changes\n");
    expect(new Set(Object.values((await json("settings")).origins))).toEqual(new Set(["default"]));
    expect((await audit()).slice(2).map(({ action, changes }) => [action, changes])).toEqual([
      [
        "settings.preset",
        [
          { field: "settings.criticalThreshold", from: null, to: 5 },
          { field: "settings.lowThreshold", from: null, to: 15 },
        ],
      ],
      ["settings.change", [{ field: "settings.lowThreshold", from: 15, to: null }]],
      ["settings.reset", [{ field: "settings.criticalThreshold", from: 5, to: null }]],
    ]);
    expect((await stat(box.path(AUDIT))).mode & 0o777).toBe(0o600);
    expect(await readFile(box.path(AUDIT), "utf8")).not.toContain("canary");
  });

  it("SET-02: refuses with field, constraint and fix, and changes nothing", async () => {
    for (const [args, message, fix] of [
      [
        ["set", "criticalThreshold=30"],
        "criticalThreshold must be below lowThreshold (30)",
        "nothing was changed",
      ],
      [["set", "critcalThreshold=3"], "critcalThreshold must be left out", "did you mean criticalThreshold?"],
      [
        ["set", "accountWeights.anm=1"],
        "accountWeights.anm must name an account",
        "did you mean accountWeights.ann?",
      ],
      [["set", "accountWeights.ann=2"], "accountWeights.ann must be <=1", "nothing was changed"],
      [["set", "health.downAfter=x"], "health.downAfter must be a number", "nothing was changed"],
      [
        ["set", "rotationStrategy=fast"],
        'rotationStrategy must be one of "round-robin"',
        "nothing was changed",
      ],
      [["set", "minWeight"], "minWeight has no value", "oma settings --help"],
      [["set"], "at least one name=value", "oma settings --help"],
      [["preset", "agressive"], "preset must be one of balanced", "did you mean aggressive?"],
      [["preset"], "takes one of balanced", "oma settings --help"],
      [["get", "lowTreshold"], 'there is no setting "lowTreshold"', "did you mean lowThreshold?"],
      [["reset", "nothing"], "nothing must be left out", "nothing was changed"],
      [["unset"], '"unset" is not one of get, set', "oma settings --help"],
    ] as const) {
      const refused = await box.oma("settings", ...args);
      expect(refused).toMatchObject({ code: 2, stdout: "" });
      expect(refused.stderr).toContain(message);
      expect(refused.stderr).toMatch(/^fix: /m);
      expect(refused.stderr).toContain(fix);
    }
    expect(new Set(Object.values((await json("settings")).origins))).toEqual(new Set(["default"]));
  });

  it("SET-01: stops with 2 at a variable that is not valid, and names it", async () => {
    box.env["OPENCODE_MULTI_AUTH_ANTIGRAVITY_ENABLED"] = "perhaps";
    const stopped = await box.oma("settings");
    expect(stopped).toMatchObject({ code: 2, stdout: "" });
    expect(stopped.stderr).toContain("OPENCODE_MULTI_AUTH_ANTIGRAVITY_ENABLED must be 1 or 0");
  });
});

describe("the audit log", () => {
  it("has what was done to accounts, by whom; a force goes on under the new alias", async () => {
    await box.oma("force", "ann");
    const { until } = (await json("force")).force;
    for (const args of [
      ["rename", "ann", "carl"],
      ["tag", "carl", "eu,paid"],
      ["note", "carl", "Bearer canary-1234567890"],
      ["disable", "bob", "--reason", "holiday"],
      ["enable", "bob"],
      ["switch", "bob"],
    ]) {
      expect(await box.oma(...args)).toMatchObject({ code: 0 });
    }
    expect((await json("force")).force).toMatchObject({ alias: "carl", until });
    const entries = (await audit()).slice(3);
    expect(entries.map(({ actor, action, changes }) => [actor, action, changes])).toMatchObject([
      [
        { via: "cli" },
        "account.rename",
        [
          { field: "forcedAlias", from: "ann", to: "carl" },
          { field: "accounts.ann.alias", from: "ann", to: "carl" },
        ],
      ],
      [{ via: "cli" }, "account.edit", [{ field: "accounts.carl.tags", from: [], to: ["eu", "paid"] }]],
      [{ via: "cli" }, "account.edit", [{ field: "accounts.carl.notes", from: null }]],
      [{ via: "cli" }, "account.disable", [{ field: "accounts.bob.enabled" }, { to: "holiday" }]],
      [{ via: "cli" }, "account.enable", [{ field: "accounts.bob.enabled" }, { from: "holiday", to: null }]],
      [{ via: "cli" }, "account.switch", [{ field: "activeAlias", from: null, to: "bob" }]],
    ]);
    expect(await readFile(box.path(AUDIT), "utf8")).not.toContain("canary");
  });
});
