import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { startConnectProxy, startUpstreamSim, type UpstreamSim } from "@open-multi-auth/upstream-sim";
import { describe, expect, it, onTestFinished } from "vitest";
import { codexLogin, createCodexHome, findCodex, promptCodex } from "../src/index.ts";
import { createRig } from "./rig.ts";

const responses = (sim: UpstreamSim) => sim.log().filter(({ endpoint }) => endpoint === "responses");

describe("the real Codex CLI by its built-in provider, as a person is signed in to it", () => {
  it("asks where to go, goes there over https, and is answered", async () => {
    const sim = await startUpstreamSim({ accounts: [{ alias: "work" }], secure: {} });
    onTestFinished(() => sim.close());
    const { origin = "", authority = "" } = sim.secure ?? {};
    const [account] = sim.accounts();
    const home = await createCodexHome({
      backendUrl: `${origin}/backend-api`,
      issuerUrl: sim.issuerUrl,
      builtIn: { authority },
      auth: codexLogin(account!, new Date()),
    });
    onTestFinished(() => home.dispose());
    const { exitCode, stdout, stderr } = await promptCodex(home, "hello there");
    expect([exitCode, stderr]).toEqual([0, expect.any(String)]);
    expect(stdout).toContain("work answered: hello there");
    expect(sim.log().map(({ endpoint }) => endpoint)).toContain("workspaces");
    expect(responses(sim)).toMatchObject([
      { alias: "work", status: 200, model: "gpt-5.5", headers: { "content-encoding": "zstd" } },
    ]);
  });
});

describe("oma refresh --limits by the built-in provider of the real Codex CLI, with nothing pointing anywhere else", () => {
  it("LIM-17: behind a proxy, where the usage endpoint refuses, one turn at the real address tells the limits", async () => {
    await using rig = await createRig({
      accounts: [{ alias: "work" }],
      secure: { names: ["chatgpt.com"] },
      env: { CODEX_CLI_BIN: findCodex()._unsafeUnwrap() },
    });
    const { sim, home } = rig;
    const proxy = await startConnectProxy({ port: sim.secure!.port });
    onTestFinished(() => proxy.close());
    const authority = join(home.folders.home, "authority.pem");
    await writeFile(authority, sim.secure!.authority);
    Object.assign(home.env, {
      OPENCODE_MULTI_AUTH_UPSTREAM_URL: "",
      HTTPS_PROXY: proxy.url,
      NO_PROXY: "127.0.0.1,localhost",
      NODE_EXTRA_CA_CERTS: authority,
      CODEX_CA_CERTIFICATE: authority,
    });
    sim.clearLog();
    sim.drain("work", "fiveHour", 37);
    sim.script("work", [{ kind: "status", status: 403, times: "always" }], "usage");
    const { exitCode, stdout, stderr } = await rig.oma("refresh", "--limits");
    expect([exitCode, stderr]).toEqual([0, ""]);
    expect(stdout).toMatch(/^work has left: 5 h 6[23] %, .* by the Codex CLI \(exec\)/);
    expect(responses(sim)).toMatchObject([{ alias: "work", status: 200 }]);
    expect(sim.log().map(({ endpoint }) => endpoint)).toContain("workspaces");
    expect(new Set(proxy.asked())).toEqual(new Set(["CONNECT chatgpt.com:443"]));
  });
});
