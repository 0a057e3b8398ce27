import { execFile } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { createOpenCodeHome, runOpenCode } from "@open-multi-auth/e2e";
import { startUpstreamSim } from "@open-multi-auth/upstream-sim";
import { expect, it, onTestFinished } from "vitest";
import { publishLocally } from "../src/release/publish-locally.ts";
import { searchPath, toolchainNode } from "../src/release/runtimes.ts";

it("DOC-07: the real OpenCode loads the plugin by its package name from the registry, and the pool serves", async () => {
  const folder = mkdtempSync(join(tmpdir(), "oma-release-"));
  const registry = await publishLocally(folder);
  const sim = await startUpstreamSim({ accounts: [{ alias: "work" }] });
  const home = await createOpenCodeHome({
    env: {
      npm_config_registry: registry.url,
      OPENCODE_MULTI_AUTH_UPSTREAM_URL: sim.backendUrl,
      OPENCODE_MULTI_AUTH_AUTH_ISSUER_URL: sim.issuerUrl,
    },
  });
  onTestFinished(async () => {
    await registry.close();
    await sim.close();
    await home.dispose();
    rmSync(folder, { recursive: true, force: true });
  });
  const env = { ...home.env, PATH: searchPath(toolchainNode()) };
  const oma = (...args: readonly string[]): Promise<unknown> =>
    promisify(execFile)("npx", ["--yes", "open-multi-auth", ...args], { cwd: home.folders.work, env });

  const { accessToken, refreshToken, idToken } = sim.tokensOf("work");
  const tokens = { access_token: accessToken, refresh_token: refreshToken, id_token: idToken };
  const login = join(home.folders.home, "login.json");
  await writeFile(login, JSON.stringify({ OPENAI_API_KEY: null, tokens }));
  await oma("import", "--from", login, "--alias", "work");
  await oma("install");
  expect(JSON.parse(await readFile(home.configFile, "utf8"))).toMatchObject({
    plugin: [expect.stringMatching(/^@open-multi-auth\/opencode@\d+\.\d+\.\d+$/)],
  });

  const run = await runOpenCode(home, "say hello");
  expect(run).toMatchObject({ exitCode: 0, stdout: expect.stringContaining("work answered: say hello") });
  const request = sim.log().find(({ endpoint }) => endpoint === "responses");
  expect(request).toMatchObject({ alias: "work", status: 200, accessToken });
});
