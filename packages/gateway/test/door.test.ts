import { connect } from "node:net";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { text } from "node:stream/consumers";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { keyDigest, serveGateway } from "../src/node/index.ts";
import { createRig, type Rig } from "./rig.ts";

describe("the gateway's door", () => {
  let rig: Rig;
  beforeEach(async () => {
    rig = await createRig();
  });
  afterEach(() => rig[Symbol.asyncDispose]());

  it("GWY-05: without a key, with a wrong one, a part of one or a far too long one: the same 401, and nothing is asked", async () => {
    const { key } = rig;
    const wrong = [
      "",
      "Bearer",
      "Bearer wrong",
      `Bearer ${key.slice(0, -1)}`,
      `Bearer ${key}x`,
      `Basic ${key}`,
    ];
    const answers = await Promise.all(
      [...wrong, `Bearer ${"x".repeat(8_000)}`].map((authorization) =>
        rig.post({}, { headers: { authorization } }),
      ),
    );
    const inQuery = await fetch(`${rig.gateway.url}/v1/models?key=${key}&authorization=Bearer%20${key}`);
    const bodies = await Promise.all([...answers, inQuery].map((answer) => answer.text()));
    expect(new Set([...answers, inQuery].map(({ status }) => status))).toEqual(new Set([401]));
    expect(new Set(bodies).size).toBe(1);
    expect(JSON.parse(bodies[0] ?? "")).toMatchObject({ error: { code: "TOKEN_REQUIRED" } });
    expect(rig.asked).toEqual([]);
  });

  it("GWY-05: takes a key as a bearer token or as x-api-key, and follows at once when it is taken away", async () => {
    const statuses = async (): Promise<number[]> => [
      (await rig.fetch("/v1/models")).status,
      (await rig.fetch("/v1/models", { headers: { authorization: "Bearer sk-other", "x-api-key": rig.key } }))
        .status,
    ];
    expect(await statuses()).toEqual([200, 200]);
    rig.keys = [keyDigest("another")];
    expect(await statuses()).toEqual([401, 401]);
  });

  it("GWY-05: refuses what a browser may send, even with a key, and tells no page that it may read", async () => {
    const origin = { origin: "http://evil.com", authorization: `Bearer ${rig.key}` };
    const preflight = await raw("OPTIONS /v1/responses", {
      ...origin,
      "access-control-request-method": "POST",
      "access-control-request-headers": "authorization,content-type",
    });
    const answers = [
      preflight,
      await raw("POST /v1/responses", { ...origin, "content-type": "application/json" }),
      await raw("POST /v1/responses", { authorization: `Bearer ${rig.key}`, "content-type": "text/plain" }),
      await raw("GET /api/health", { host: "evil.com" }),
      await raw("GET /api/health", { host: `127.0.0.1:${rig.gateway.port}`, Host: "evil.com" }),
      await raw("GET http://evil.com/api/health", {}),
    ];
    expect(answers.map((answer) => answer.split(" ", 2)[1])).toEqual([
      "403",
      "403",
      "415",
      "403",
      "403",
      "403",
    ]);
    expect(answers.join("\n").toLowerCase()).not.toContain("access-control");
    expect(rig.asked).toEqual([]);
  });

  it("GWY-05: every answer is one that a browser neither stores nor guesses the type of", async () => {
    for (const answer of [await rig.fetch("/v1/models"), await fetch(`${rig.gateway.url}/nothing`)]) {
      expect(answer.headers.get("x-content-type-options")).toBe("nosniff");
      expect(answer.headers.get("cache-control")).toBe("no-store");
    }
  });

  it("listens on 127.0.0.1 and nowhere else", async () => {
    const tables = await Promise.all(
      ["tcp", "tcp6"].map((name) => readFile(`/proc/net/${name}`, "utf8").catch(() => "")),
    );
    const port = rig.gateway.port.toString(16).toUpperCase().padStart(4, "0");
    const listening = tables
      .join("\n")
      .split("\n")
      .filter((line) => line.includes(`:${port} `) && / 0A /.test(line));
    expect(listening.map((line) => line.trim().split(/\s+/)[1])).toEqual([`0100007F:${port}`]);
  });

  it("says that a port is taken, and what to do", async () => {
    const { port } = rig.gateway;
    const parts = {
      handler: { handle: rig.answer },
      keyDigests: () => [],
      reloadKeys: async () => {},
      usage: () => rig.usage,
    };
    const clock = { now: () => 0 as never };
    const second = await serveGateway({ ...parts, clock, version: "1" }, { port, onProblem: () => {} });
    expect(second._unsafeUnwrapErr()).toMatchObject({
      code: "PORT_TAKEN",
      message: expect.stringContaining(String(port)),
      details: { fix: expect.stringContaining("--port") },
    });
  });

  it.each([
    ["not JSON", "{", 400, "INVALID_JSON"],
    ["no object", "[1]", 400, "INVALID_JSON"],
    ["nothing", "", 400, "INVALID_JSON"],
  ])("a body that is %s: %s", async (_name, body, status, code) => {
    const answer = await rig.post({}, { body });
    expect([answer.status, await answer.json()]).toEqual([
      status,
      { error: expect.objectContaining({ code }) },
    ]);
  });

  it("refuses a body that is too large before it is read, one of an unknown coding, and lives on", async () => {
    const head = { authorization: `Bearer ${rig.key}`, "content-type": "application/json" };
    expect(await raw("POST /v1/responses", { ...head, "content-length": "99999999999" })).toMatch(
      /^HTTP\/1.1 413 /,
    );
    const coded = await rig.post({}, { headers: { "content-encoding": "lzma" } });
    expect([coded.status, await coded.json()]).toEqual([
      415,
      { error: expect.objectContaining({ code: "UNSUPPORTED_MEDIA_TYPE" }) },
    ]);
    const torn = await rig.post({}, { headers: { "content-encoding": "gzip" } });
    expect([torn.status, await torn.json()]).toEqual([
      400,
      { error: expect.objectContaining({ code: "INVALID_BODY" }) },
    ]);
    expect((await rig.fetch("/api/health")).status).toBe(200);
  });

  it("tells a client that still sends that its body is too large, and takes its next request", async () => {
    const length = 64 * 1024 * 1024 + 1;
    const socket = connect(rig.gateway.port, "127.0.0.1");
    let heard = "";
    socket.setEncoding("latin1").on("data", (data: string) => (heard += data));
    const host = `host: 127.0.0.1:${rig.gateway.port}\r\n`;
    const own = `authorization: Bearer ${rig.key}\r\ncontent-type: application/json\r\n`;
    socket.write(`POST /v1/responses HTTP/1.1\r\n${host}${own}content-length: ${length}\r\n\r\n`);
    await expect.poll(() => heard).toMatch(/^HTTP\/1\.1 413 /);
    socket.write(Buffer.alloc(length));
    socket.write(`GET /api/health HTTP/1.1\r\n${host}\r\n`);
    await expect.poll(() => heard).toContain('{"status":"ok"');
    socket.destroy();
  });

  it("a handler that throws is a 500 in the usual shape, told once, and the gateway lives on", async () => {
    const { answer } = rig;
    rig.answer = () => {
      throw new Error("broken");
    };
    const failed = await rig.post({ model: "m" });
    expect([failed.status, await failed.json()]).toEqual([
      500,
      { error: expect.objectContaining({ code: "INTERNAL_ERROR" }) },
    ]);
    expect(rig.problems).toHaveLength(1);
    rig.answer = answer;
    expect((await rig.post({ model: "m", stream: true })).status).toBe(200);
  });

  /** A request as no client library would send it. */
  async function raw(line: string, headers: Record<string, string>): Promise<string> {
    const socket = connect(rig.gateway.port, "127.0.0.1");
    await once(socket, "connect");
    const all = Object.entries({
      ...(!("host" in headers) && { host: `127.0.0.1:${rig.gateway.port}` }),
      ...headers,
    });
    const head = all.map(([name, value]) => `${name}: ${value}\r\n`).join("");
    socket.write(`${line} HTTP/1.1\r\n${head}connection: close\r\n\r\n`);
    const answer = await text(socket);
    socket.destroy();
    return answer;
  }
});
