import { once } from "node:events";
import http, { type IncomingMessage } from "node:http";
import https from "node:https";
import { text } from "node:stream/consumers";
import { connect, checkServerIdentity } from "node:tls";
import zlib from "node:zlib";
import { describe, expect, it, onTestFinished } from "vitest";
import { startConnectProxy, startUpstreamSim, type SecureSide } from "../src/index.ts";

describe("the simulator over https", () => {
  it("is trusted by who trusts its authority, under every name of it, and by nobody else", async () => {
    const { origin, authority } = await secureSide(["chatgpt.com"]);
    const { status, body } = await ask(`${origin}/backend-api/wham/accounts/check`, { ca: authority });
    expect([status, body]).toEqual([401, expect.stringContaining("error")]);
    const named = await ask(`${origin}/nothing`, {
      ca: authority,
      checkServerIdentity: (_host, certificate) => checkServerIdentity("chatgpt.com", certificate),
    });
    expect(named.status).toBe(404);
    await expect(ask(origin, {})).rejects.toThrow(/unable to verify|self-signed/);
    const stranger = {
      checkServerIdentity: (_: string, cert: Parameters<typeof checkServerIdentity>[1]) =>
        checkServerIdentity("example.com", cert),
    };
    await expect(ask(origin, { ca: authority, ...stranger })).rejects.toThrow(/altnames/);
  });

  it("names itself as the place of every workspace, and only then", async () => {
    const sim = await startUpstreamSim({ accounts: [{ alias: "work" }], secure: {} });
    onTestFinished(() => sim.close());
    const headers = { authorization: `Bearer ${sim.tokensOf("work").accessToken}` };
    const { origin = "", authority = "" } = sim.secure ?? {};
    const secure = await ask(`${origin}/backend-api/wham/accounts/check`, { ca: authority, headers });
    expect(JSON.parse(secure.body)).toMatchObject({ accounts: [{ workspace_backend_origin: origin }] });
    const plain = await startUpstreamSim({ accounts: [{ alias: "work" }] });
    onTestFinished(() => plain.close());
    const answer = await fetch(`${plain.backendUrl}/wham/accounts/check`, {
      headers: { authorization: `Bearer ${plain.tokensOf("work").accessToken}` },
    });
    expect(await answer.text()).not.toContain("workspace_backend_origin");
    expect(plain.secure).toBeUndefined();
  });

  it("reads what the Codex CLI compresses, and turns a WebSocket down", async () => {
    const sim = await startUpstreamSim({ accounts: [{ alias: "work" }] });
    onTestFinished(() => sim.close());
    const headers = {
      authorization: `Bearer ${sim.tokensOf("work").accessToken}`,
      "content-type": "application/json",
      "content-encoding": "zstd",
    };
    const input = [{ role: "user", content: [{ type: "input_text", text: "packed" }] }];
    const body = zlib.zstdCompressSync(JSON.stringify({ model: "gpt-5.5", stream: true, input }));
    const answer = await fetch(`${sim.backendUrl}/codex/responses`, {
      method: "POST",
      headers,
      body: new Uint8Array(body),
    });
    expect(await answer.text()).toContain("work answered: packed");
    const upgrade = http.get(`${sim.backendUrl}/codex/responses`, {
      headers: { connection: "Upgrade", upgrade: "websocket" },
    });
    const [refused] = (await once(upgrade, "response")) as [IncomingMessage];
    expect(refused.statusCode).toBe(426);
    refused.resume();
  });
});

describe("the proxy", () => {
  it("tunnels to the simulator whatever host is asked for, and nothing else", async () => {
    const { port, authority } = await secureSide(["chatgpt.com"]);
    const proxy = await startConnectProxy({ port });
    onTestFinished(() => proxy.close());
    const tunnel = http.request(proxy.url, { method: "CONNECT", path: "chatgpt.com:443" }).end();
    const [, socket] = await once(tunnel, "connect");
    const secured = connect({ socket, ca: authority, servername: "chatgpt.com" });
    await once(secured, "secureConnect");
    secured.write("GET /nothing HTTP/1.1\r\nhost: chatgpt.com\r\nconnection: close\r\n\r\n");
    expect(await text(secured)).toContain("404 Not Found");
    const plain = http.get(proxy.url, { path: "http://example.com/" });
    const [refused] = (await once(plain, "response")) as [IncomingMessage];
    expect(refused.statusCode).toBe(405);
    refused.resume();
    expect(proxy.asked()).toEqual(["CONNECT chatgpt.com:443", "GET http://example.com/"]);
  });
});

async function secureSide(names: readonly string[]): Promise<SecureSide> {
  const sim = await startUpstreamSim({ secure: { names } });
  onTestFinished(() => sim.close());
  return sim.secure!;
}

async function ask(url: string, options: https.RequestOptions): Promise<{ status: number; body: string }> {
  const [answer] = (await once(https.get(url, { ...options, agent: false }), "response")) as [
    IncomingMessage,
  ];
  return { status: answer.statusCode ?? 0, body: await text(answer) };
}
