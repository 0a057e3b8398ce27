import { spawn } from "node:child_process";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { once } from "node:events";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import type { AccountView } from "@open-multi-auth/domain";
import { startConnectProxy, type ConnectProxy } from "@open-multi-auth/upstream-sim";
import { describe, expect, it, onTestFinished } from "vitest";
import { createRig, ENDLESS, linkOnly, type Rig } from "./rig.ts";

const PROGRAM = fileURLToPath(new URL("proxy-process.ts", import.meta.url));

describe("a pool behind the proxy that HTTPS_PROXY names", () => {
  it("renews tokens and sends model requests through it, to the addresses of the upstream itself", async () => {
    const { rig, proxy, env } = await behindProxy();
    await linkOnly(rig, "work", { expired: true });
    await rig.pool.flush();
    const { said } = run(env);
    expect((await said).text).toContain("work answered: hello");
    expect(proxy.asked()).toEqual(["CONNECT auth.openai.com:443", "CONNECT chatgpt.com:443"]);
    expect(rig.sim.log().map(({ endpoint, status }) => [endpoint, status])).toEqual([
      ["token", 200],
      ["responses", 200],
    ]);
  });

  it("does so for the gateway too, which is itself reached without it", async () => {
    const { proxy, env } = await behindProxy();
    const { said } = run(env, "gateway");
    expect((await said).text).toContain("work answered: hello");
    expect(proxy.asked()).toEqual(["CONNECT chatgpt.com:443"]);
  });

  it("CON-11: an abort ends the tunnel", async () => {
    const { rig, env } = await behindProxy();
    rig.sim.script("work", [{ kind: "hang" }]);
    const { child, said } = run(env);
    await rig.sim.waitForLog((log) => log.length === 1, 20_000);
    child.stdin.write("off\n");
    expect((await said).text).toBe("REQUEST_ABORTED");
    await rig.sim.waitForLog((log) => log.some(({ outcome }) => outcome === "aborted"));
  });

  it("reaches an upstream of this machine without it", async () => {
    const { rig, proxy, env } = await behindProxy();
    const local = `https://localhost:${rig.sim.secure?.port}/backend-api`;
    const { said } = run({ ...env, OPENCODE_MULTI_AUTH_UPSTREAM_URL: local });
    expect((await said).text).toContain("work answered: hello");
    expect(proxy.asked()).toEqual([]);
  });

  it("CON-22: one that refuses, or is not there, is no account's fault", async () => {
    const { env } = await behindProxy();
    const refusing = createServer().on("connect", (_request, socket) =>
      socket.end("HTTP/1.1 407 Proxy Authentication Required\r\n\r\n"),
    );
    await once(refusing.listen(0, "127.0.0.1"), "listening");
    onTestFinished(() => void refusing.close());
    const { port } = refusing.address() as AddressInfo;
    for (const HTTPS_PROXY of [`http://127.0.0.1:${port}`, "http://127.0.0.1:9"]) {
      const { text: code, views } = await run({ ...env, HTTPS_PROXY }).said;
      expect(code).toBe("HOST_OFFLINE");
      expect(views).toMatchObject([{ health: { state: "healthy" }, eligibility: { eligible: true } }]);
    }
  });
});

/** A pool with one account, whose upstream can be reached by its real names through a proxy only. */
async function behindProxy(): Promise<{
  rig: Rig;
  proxy: ConnectProxy;
  env: Record<string, string>;
}> {
  const secure = { names: ["chatgpt.com", "auth.openai.com"] };
  const rig = await createRig([{ alias: "work", percentPerRequest: ENDLESS }], {}, undefined, { secure });
  onTestFinished(() => rig[Symbol.asyncDispose]());
  const proxy = await startConnectProxy({ port: rig.sim.secure!.port });
  onTestFinished(() => proxy.close());
  const authority = join(rig.pool.paths.folder, "authority.pem");
  await writeFile(authority, rig.sim.secure!.authority);
  await rig.pool.flush();
  const env = {
    ...rig.env,
    OPENCODE_MULTI_AUTH_UPSTREAM_URL: "",
    OPENCODE_MULTI_AUTH_AUTH_ISSUER_URL: "",
    HTTPS_PROXY: proxy.url,
    // For what is on this machine it would be of no use.
    HTTP_PROXY: "http://127.0.0.1:9",
    NODE_EXTRA_CA_CERTS: authority,
  };
  return { rig, proxy, env };
}

function run(env: Record<string, string>, ...args: readonly string[]) {
  const child = spawn(process.execPath, ["--conditions=@open-multi-auth/source", PROGRAM, ...args], {
    env,
    stdio: ["pipe", "pipe", "inherit"],
  });
  onTestFinished(() => void child.kill("SIGKILL"));
  const said = text(child.stdout).then((line): { text: string; views: readonly AccountView[] } =>
    JSON.parse(line),
  );
  return { child, said };
}
