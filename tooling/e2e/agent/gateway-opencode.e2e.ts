import { readFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { runOpenCode, serveOpenCode, type OpenCodeServer } from "../src/index.ts";
import { createGatewayRig, type GatewayRig } from "./gateway-rig.ts";

const TWO = [{ alias: "work" }, { alias: "home" }];

describe("the real OpenCode without any plugin, through oma gateway", () => {
  it("GWY-01: one command points its provider at the gateway, another puts it back; between them the pool answers", async () => {
    await using gateway = await createGatewayRig(TWO);
    const { rig } = gateway;
    const before = await readFile(rig.home.configFile, "utf8");
    await install(gateway);
    const first = await runOpenCode(rig.home, "say hello");
    expect(first).toMatchObject({ exitCode: 0, stdout: expect.stringContaining("work answered: say hello") });
    expect((await runOpenCode(rig.home, "say hello")).stdout).toContain("home answered: say hello");
    const [request] = rig.requests();
    expect(request?.accessToken).toBe(rig.sim.tokensOf("work").accessToken);
    // Its instructions stand where the upstream wants them, and what that refuses is left out.
    expect(request?.body).toMatchObject({
      store: false,
      stream: true,
      instructions: expect.stringMatching(/OpenCode/),
    });
    expect(request?.body).not.toHaveProperty("max_output_tokens");
    expect(JSON.stringify(rig.sim.log())).not.toContain("oma_");

    const removed = await rig.oma("uninstall", "opencode");
    expect([removed.exitCode, removed.stdout]).toEqual([
      0,
      expect.stringContaining("revoked its key opencode"),
    ]);
    expect(JSON.parse(await readFile(rig.home.configFile, "utf8"))).toEqual(JSON.parse(before));
  });

  it("GWY-01: a limit is not seen, a conversation stays where it is, and an abort closes the upstream's connection", async () => {
    await using gateway = await createGatewayRig(TWO);
    const { rig } = gateway;
    await install(gateway);
    await withServer(gateway, async (server) => {
      const { sessionId } = await server.prompt("one");
      await server.prompt("two", sessionId);
      const [place, same] = rig.requests().map(({ alias }) => alias);
      expect(same).toBe(place);
      rig.sim.script(String(place), [{ kind: "usage-limit" }]);
      const moved = await server.prompt("three", sessionId);
      expect(moved.error).toBeUndefined();
      expect(moved.text).toContain("answered: three");
      expect(rig.requests().map(({ status }) => status)).toContain(429);

      for (const { alias } of TWO) rig.sim.script(alias, [{ kind: "gated-stream", gate: "never" }]);
      rig.sim.clearLog();
      const other = await server.createSession();
      const asked = server.prompt("wait", other);
      await rig.sim.waitForLog((log) => log.some(({ status }) => status === 200));
      await server.abort(other);
      await rig.sim.waitForLog((log) => log.some(({ outcome }) => outcome === "aborted"));
      await asked;
    });
  });

  it("GWY-04: with every account at its limit it says so at once, and does not sleep until the reset", async () => {
    await using gateway = await createGatewayRig(TWO);
    await install(gateway);
    for (const { alias } of TWO) gateway.rig.sim.drain(alias, "fiveHour");
    const run = await runOpenCode(gateway.rig.home, "say hello");
    expect([run.exitCode, run.timedOut]).toEqual([1, false]);
    expect(run.stderr).toContain("No account of the pool can answer now.");
    expect(gateway.rig.requests()).toHaveLength(2);
  });
});

async function install({ rig, port }: GatewayRig): Promise<void> {
  const { exitCode, stdout } = await rig.oma("install", "opencode", "--gateway", "--port", String(port));
  expect([exitCode, stdout]).toEqual([0, expect.stringContaining("OpenCode uses your pool now")]);
}

async function withServer(
  { rig }: GatewayRig,
  use: (server: OpenCodeServer) => Promise<void>,
): Promise<void> {
  const server = (await serveOpenCode(rig.home))._unsafeUnwrap();
  try {
    await use(server);
  } finally {
    await server.close();
  }
}
