import type { Transport, UpstreamAnswer, UpstreamRequest } from "@open-multi-auth/connector";
import type Http from "node:http";
import type Https from "node:https";
import type { Socket } from "node:net";
import { bodySource, decoded, IDLE_MS, UNUSED_MS, WITHOUT_BODY } from "./body-source.ts";
import type { ProxyVariables } from "./environment-proxy.ts";

/** How a connection ends that the upstream had closed when the request went out. */
const CLOSED: ReadonlySet<unknown> = new Set(["ECONNRESET", "EPIPE"]);

/**
 * Model requests over Node's own HTTP client: a third of the CPU of its fetch, above all in long streams. Connections
 * are kept alive; a request that met one already closed is sent once more, over a new one: that says nothing of the
 * account. As with fetch, a redirect is an error, and never followed.
 *
 * @param proxyEnv the proxies to go through; an upstream without TLS is on this machine, and reached without one
 */
export function httpTransport(proxyEnv?: ProxyVariables): Transport {
  // Only now: an import would have every process that opens a pool load them, and Node's fetch with them.
  const http = process.getBuiltinModule("node:http");
  const https = process.getBuiltinModule("node:https");
  const kept = { keepAlive: true, timeout: UNUSED_MS };
  const proxied = { ...(proxyEnv && { proxyEnv }) };
  const clients: Clients = {
    http,
    https,
    plain: new http.Agent(kept),
    secure: new https.Agent({ ...kept, ...proxied }),
    fresh: new https.Agent({ keepAlive: false, ...proxied }),
  };
  return { send: (url, request) => send(url, request, clients) };
}

interface Clients {
  readonly http: typeof Http;
  readonly https: typeof Https;
  readonly plain: Http.Agent | false;
  readonly secure: Https.Agent;
  /** Makes a new connection for each request. */
  readonly fresh: Https.Agent;
}

function send(
  url: string,
  { method, headers, body, signal }: UpstreamRequest,
  clients: Clients,
): Promise<UpstreamAnswer> {
  return new Promise((resolve, reject) => {
    const options: Http.RequestOptions = { method, headers, signal, timeout: IDLE_MS };
    const request = url.startsWith("https:")
      ? clients.https.request(url, { ...options, agent: clients.secure })
      : clients.http.request(url, { ...options, agent: clients.plain });
    request.on("timeout", () => request.destroy(new Error("the connection was silent for too long")));
    request.on("socket", guard);
    let isAnswered = false;
    request.on("error", (cause: NodeJS.ErrnoException) => {
      const isStale = request.reusedSocket && !isAnswered && CLOSED.has(cause.code);
      if (!isStale || signal.aborted) return reject(cause);
      const anew: Clients = { ...clients, plain: false, secure: clients.fresh };
      resolve(send(url, { method, headers, body, signal }, anew));
    });
    // Where nothing else was said, as after an answer that is none (101).
    request.on("close", () => reject(new Error("the connection was closed without an answer")));
    request.on("response", (message) => {
      isAnswered = true;
      if (!isRedirect(message)) return resolve(answerOf(message));
      request.destroy();
      reject(new Error("the upstream redirected the request"));
    });
    request.end(body ?? undefined);
  });
}

/**
 * An abort that comes as the answer ends finds the connection between its request and the agent: neither listens to it
 * then, and its error would end the process.
 */
function guard(socket: Socket): void {
  if (!socket.listeners("error").includes(ignore)) socket.on("error", ignore);
}

function ignore(): void {}

function isRedirect({ statusCode = 0, headers }: Http.IncomingMessage): boolean {
  return statusCode >= 300 && statusCode < 400 && headers.location !== undefined;
}

function answerOf(message: Http.IncomingMessage): UpstreamAnswer {
  const { statusCode: status = 0, statusMessage: statusText = "", rawHeaders } = message;
  const headers = new Headers();
  // Names and values take turns.
  for (const [at, text] of rawHeaders.entries())
    if (at % 2 === 1) headers.append(rawHeaders[at - 1] ?? "", text);
  const body = decoded(message, message.headers["content-encoding"]);
  if (!WITHOUT_BODY.has(status)) return { status, statusText, headers, body: bodySource(body) };
  message.resume();
  return { status, statusText, headers, body: null };
}
