import { existsSync } from "node:fs";
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
