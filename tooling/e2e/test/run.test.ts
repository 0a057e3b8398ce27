import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";

import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";

import { createOpenCodeHome, runOpenCode, type OpenCodeHome } from "../src/index.ts";

const pluginPath = fileURLToPath(new URL("./fixtures/echo-plugin.js", import.meta.url));
/** What OpenCode adds for the programs it starts itself. */
const OWN_VARIABLES = /^(?:OPENCODE|AGENT$|PWD$|_$|SHLVL$)/u;

describe("runOpenCode", () => {
  let home: OpenCodeHome;
  beforeAll(async () => void (home = await createOpenCodeHome({ pluginPath })));
  afterAll(() => home.dispose());

  it("has the real OpenCode ask the plugin once and print its answer", async () => {
    const { exitCode, stdout } = await runOpenCode(home, "say hello to me");
    expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: "1: say hello to me\n" });
    expect(JSON.parse(await readFile(home.authFile, "utf8"))).toHaveProperty("openai.refresh", "echo");
  });

  it("shows a refusal on the terminal and in the exit code", async () => {
    const { exitCode, stdout, stderr } = await runOpenCode(home, "refuse");
    expect(exitCode).toBe(1);
    expect(stdout).toBe("");
    expect(stderr).toContain("Nobody is there.");
  });

  it("lets OpenCode see nothing of the caller's environment", async () => {
    vi.stubEnv("OMA_E2E_LEAK", "secret of the caller");
    const { stdout } = await runOpenCode(home, "environment", { env: { PASSED: "1" } });
    const seen = Object.keys(JSON.parse(stdout) as object).filter((name) => !OWN_VARIABLES.test(name));
    const given = Object.keys({ ...home.env, PASSED: "1" }).filter((name) => !OWN_VARIABLES.test(name));
    expect(seen.toSorted()).toEqual(given.toSorted());
    expect(stdout).not.toContain("secret of the caller");
  });

  it("ends the whole group when the time is up", async () => {
    const { timedOut, ms } = await runOpenCode(home, "hang", { timeoutMs: 1_500 });
    expect(timedOut).toBe(true);
    expect(ms).toBeGreaterThanOrEqual(1_500);
  });
});

describe("createOpenCodeHome", () => {
  it("leaves nothing behind", async () => {
    const home = await createOpenCodeHome();
    await home.dispose();
    expect(existsSync(home.folders.home)).toBe(false);
  });
});
