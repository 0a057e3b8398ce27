import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";

import { startUpstreamSim, type UpstreamSim } from "@open-multi-auth/upstream-sim";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import {
  codexLogin,
  createCodexHome,
  findCodex,
  promptCodex,
  runCodex,
  type CodexHome,
} from "../src/index.ts";

describe("the real Codex CLI", () => {
  let sim: UpstreamSim;
  let home: CodexHome;
  beforeEach(async () => {
    sim = await startUpstreamSim({ accounts: [{ alias: "work" }] });
    const [account] = sim.accounts();
    const auth = account && codexLogin(account, new Date());
    home = await createCodexHome({ ...sim, auth });
  });
  afterEach(async () => {
    await home.dispose();
    await sim.close();
  });

  it("is answered by the simulator, renews a refused token, and talks to nobody else", async () => {
    sim.expireAccessToken("work");
    const { exitCode, stdout, stderr } = await promptCodex(home, "say hello");
    expect([exitCode, stderr]).toEqual([0, expect.not.stringContaining("127.0.0.1:9")]);
    expect(stdout).toContain("work answered: say hello");
    const { tokens } = JSON.parse(await readFile(home.authFile, "utf8")) as { tokens: unknown };
    expect(tokens).toMatchObject({ refresh_token: sim.tokensOf("work").refreshToken });
  });

  it("sees nothing of the caller's environment", async () => {
    vi.stubEnv("CODEX_API_KEY", "sk-of-the-caller");
    const { stdout, stderr } = await runCodex(home, ["login", "status"]);
    expect(stdout + stderr).toContain("Logged in using ChatGPT");
  });

  it("is ended when the time is up, and leaves nothing behind", async () => {
    sim.script("work", [{ kind: "hang" }]);
    const { timedOut } = await promptCodex(home, "wait", { timeoutMs: 1_500 });
    expect(timedOut).toBe(true);
    await home.dispose();
    expect(existsSync(home.home)).toBe(false);
  });
});

describe("findCodex", () => {
  it("names what it looked for where there is none", () => {
    const error = findCodex({ platform: "sunos", arch: "s390" })._unsafeUnwrapErr();
    expect(error).toMatchObject({ code: "CODEX_NOT_FOUND", details: { looked: "@openai/codex-sunos-s390" } });
  });
});
