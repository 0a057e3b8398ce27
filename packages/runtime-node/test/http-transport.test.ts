import { once } from "node:events";
import { createServer, type RequestListener, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { gzipSync } from "node:zlib";
import type { BodySource, Transport } from "@open-multi-auth/connector";
import { describe, expect, it, onTestFinished } from "vitest";
import { httpTransport } from "../src/http-transport.ts";
import { undiciTransport } from "../src/undici-transport.ts";

describe.each([
  ["Node's HTTP client", httpTransport],
  ["undici's dispatcher", undiciTransport],
])("model requests over %s", (_client, createTransport) => {
  const serving = (listener: RequestListener) => servingBy(createTransport(), listener);

  it("hands over the answer as it came, over a connection that is kept alive", async () => {
    const sockets = new Set<unknown>();
    const { ask } = await serving(async (request, response) => {
      sockets.add(request.socket);
      let body = "";
      for await (const chunk of request) body += String(chunk);
      response.writeHead(200, { "x-plan": "plus", "set-cookie": ["a=1", "b=2"] });
      response.end(`${request.method} ${request.headers["content-length"]} ${body}`);
    });
    for (let turn = 0; turn < 3; turn += 1) {
      const answer = await ask("grüße");
      expect([answer.status, answer.headers.get("x-plan")]).toEqual([200, "plus"]);
      expect([...answer.headers].filter(([name]) => name === "set-cookie").join()).toMatch(/a=1.*b=2/);
      expect(await textOf(answer.body)).toBe("POST 7 grüße");
    }
    expect(sockets.size).toBe(1);
  });

  it("hands out a coded body decoded", async () => {
    const { ask } = await serving((_, response) => {
      response.writeHead(200, { "content-encoding": "gzip" });
      response.end(gzipSync("plain again"));
    });
    expect(await textOf((await ask()).body)).toBe("plain again");
  });

  it("hands out a coded body decoded, however the coding is spelled", async () => {
    const { ask } = await serving((_, response) => {
      response.writeHead(200, { "content-encoding": "GZIP" });
      response.end(gzipSync("plain again"));
    });
    expect(await textOf((await ask()).body)).toBe("plain again");
  });

  it.each([204, 205, 304])("an answer %i has no body", async (status) => {
    const { ask } = await serving((_, response) => response.writeHead(status).end());
    expect(await ask()).toMatchObject({ status, body: null });
  });

  it("an upstream that changes the protocol is an error", async () => {
    const { ask } = await serving((request) =>
      request.socket.write(
        "HTTP/1.1 101 Switching Protocols\r\nupgrade: other\r\nconnection: upgrade\r\n\r\n",
      ),
    );
    await expect(ask()).rejects.toThrow(/without an answer|bad upgrade/);
  });

  it("CON-07: a kept connection that the upstream has closed costs the account nothing", async () => {
    const used = new WeakSet<object>();
    let asked = 0;
    const { ask } = await serving((request, response) => {
      asked += 1;
      if (used.has(request.socket)) request.socket.resetAndDestroy();
      else response.end("served");
      used.add(request.socket);
    });
    for (let turn = 0; turn < 2; turn += 1) expect(await textOf((await ask("again")).body)).toBe("served");
    expect(asked).toBe(3);
  });

  it("CON-07: a new connection that the upstream closes is not tried again", async () => {
    let asked = 0;
    const { ask } = await serving((request) => {
      asked += 1;
      request.socket.resetAndDestroy();
    });
    await expect(ask()).rejects.toMatchObject({ code: "ECONNRESET" });
    expect(asked).toBe(1);
  });

  it("does not keep an unused connection for long", async () => {
    let isClosed = false;
    const { ask, server } = await serving((request, response) => {
      request.socket.once("close", () => (isClosed = true));
      response.end("served");
    });
    // It would keep it for ever, and says nothing of it.
    server.keepAliveTimeout = 0;
    await textOf((await ask()).body);
    await expect.poll(() => isClosed, { timeout: 15_000 }).toBe(true);
  }, 20_000);

  it("CON-11: closes the connection when the signal aborts, before the answer and in its body", async () => {
    const closed: Promise<unknown>[] = [];
    const { ask } = await serving((request, response) => {
      closed.push(once(request.socket, "close"));
      if (closed.length > 1) response.write("begun");
    });
    for (const isBegun of [false, true]) {
      const controller = new AbortController();
      const asked = ask("", controller.signal);
      const ended = isBegun
        ? asked.then(async ({ body }) => {
            await body?.read();
            controller.abort();
            return body?.read();
          })
        : asked;
      const outcome = ended.then(
        () => "went on",
        () => "broken off",
      );
      await expect.poll(() => closed.length).toBe(isBegun ? 2 : 1);
      if (!isBegun) controller.abort();
      expect(await outcome).toBe("broken off");
      await closed.at(-1);
    }
  });

  it("CON-11: a client that goes away with the last chunk harms nobody", async () => {
    const uncaught: unknown[] = [];
    const onUncaught = (cause: unknown): void => void uncaught.push(cause);
    const others = process.listeners("uncaughtException");
    process.removeAllListeners("uncaughtException").on("uncaughtException", onUncaught);
    onTestFinished(() => {
      process.removeAllListeners("uncaughtException");
      for (const other of others) process.on("uncaughtException", other);
    });
    const { ask } = await serving((_, response) => response.end("all of it"));
    for (let turn = 0; turn < 20; turn += 1) {
      const controller = new AbortController();
      const { body } = await ask("", controller.signal);
      await body?.read();
      controller.abort();
      await new Promise(setImmediate);
    }
    expect(uncaught).toEqual([]);
  });

  it("CON-07: a connection that closes within an answer breaks it off", async () => {
    const { ask } = await serving((request, response) => {
      response.write("half", () => request.socket.destroy());
    });
    const { body } = await ask();
    expect(await body?.read()).toMatchObject({ done: false });
    await expect(body?.read()).rejects.toThrow(/aborted|closed/);
  });

  it("CON-07: a refused connection rejects, with what the system says", async () => {
    const { ask, close } = await serving(() => {});
    await close();
    await expect(ask()).rejects.toMatchObject({ code: "ECONNREFUSED" });
  });

  it("CON-12: takes no more than is read", async () => {
    let written = 0;
    const total = 64 * 1_024 * 1_024;
    const { ask } = await serving((_, response) => void pour(response));
    async function pour(response: ServerResponse): Promise<void> {
      for (; written < total; written += 65_536)
        if (!response.write(Buffer.alloc(65_536))) await once(response, "drain");
      response.end();
    }
    const { body } = await ask();
    await body?.read();
    // The server goes on until the buffers on the way are full, and not beyond.
    let seen = -1;
    await expect.poll(() => seen === (seen = written), { interval: 100 }).toBe(true);
    expect(written).toBeLessThan(total / 2);
    expect((await textOf(body)).length).toBeGreaterThan(total / 2);
  });
});

async function servingBy(transport: Transport, listener: RequestListener) {
  const server = createServer(listener).listen(0, "127.0.0.1");
  await once(server, "listening");
  const close = async (): Promise<void> => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  };
  onTestFinished(close);
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/codex/responses`;
  const ask = (body = "", signal: AbortSignal = new AbortController().signal) =>
    transport.send(url, { method: "POST", headers: {}, body, signal });
  return { ask, close, server };
}

async function textOf(body: BodySource | null): Promise<string> {
  const decoder = new TextDecoder();
  let text = "";
  for (;;) {
    const chunk = await body?.read();
    if (chunk === undefined || chunk.done) return text;
    text += decoder.decode(chunk.value, { stream: true });
  }
}
