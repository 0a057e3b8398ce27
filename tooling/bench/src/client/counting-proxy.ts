import { createServer, request, type IncomingMessage } from "node:http";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";

/** What went through: heads and bodies of both ways, as text. */
export interface Traffic {
  requests: number;
  modelTurns: number;
  bytes: number;
}

/** Stands in front of an upstream and counts what a program that is not ours asks of it. Ends with the process. */
export async function startCountingProxy(upstream: string): Promise<{ url: string; traffic: Traffic }> {
  const traffic: Traffic = { requests: 0, modelTurns: 0, bytes: 0 };
  const { origin, pathname } = new URL(upstream);
  const server = createServer(async (asked, reply) => {
    const body = await buffer(asked);
    traffic.requests += 1;
    if (asked.url?.endsWith("/codex/responses") === true) traffic.modelTurns += 1;
    traffic.bytes += headBytes(asked) + (asked.url?.length ?? 0) + body.byteLength;
    const onwards = request(new URL(asked.url ?? "/", origin), {
      method: asked.method,
      headers: asked.headers,
    });
    onwards.end(body);
    const [answer] = (await once(onwards, "response")) as [IncomingMessage];
    const told = await buffer(answer);
    traffic.bytes += headBytes(answer) + told.byteLength;
    reply.writeHead(answer.statusCode ?? 502, answer.rawHeaders).end(told);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}${pathname}`, traffic };
}

/** Names and values alternate. */
const headBytes = ({ rawHeaders }: IncomingMessage): number =>
  rawHeaders.reduce((sum, part) => sum + part.length + 2, 0);
