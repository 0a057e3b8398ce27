import { upstreamAnswer, type ConnectorDeps, type Transport, type UpstreamRequest } from "../src/index.ts";
import { createKit, type Kit, type KitOptions } from "./kit.ts";
import type { Login } from "./memory-pool.ts";

/** What the upstream does with one request: a status with a body, a thrown error, or whatever a function makes. */
export type Move = number | Error | ((request: UpstreamRequest) => Response | Promise<Response>);

/** A connector over an upstream in memory. */
export interface Scripted extends Kit {
  /** Aliases in the order in which they were sent with. */
  readonly sent: string[];
}

/** Each account plays its moves in turn, and the last one from then on. */
export function scripted(
  moves: Readonly<Record<string, readonly Move[]>>,
  options: Partial<KitOptions> = {},
): Scripted {
  const logins: Login[] = Object.keys(moves).map((alias) => ({
    alias,
    accessToken: `at-${alias}`,
    refreshToken: `rt-${alias}`,
    expiresAt: Date.now() + 3_600_000,
  }));
  const sent: string[] = [];
  const transport: Transport = {
    async send(_url, request) {
      const alias = (request.headers["authorization"] ?? "").replace("Bearer at-", "");
      const script = moves[alias] ?? [];
      const move = script[sent.filter((one) => one === alias).length] ?? script.at(-1);
      sent.push(alias);
      if (typeof move === "function") return upstreamAnswer(await move(request));
      if (typeof move !== "number") throw move ?? new Error(`nothing scripted for ${alias}`);
      return upstreamAnswer(
        move === 200 ? streamed(ANSWER) : Response.json({ error: { message: "no" } }, { status: move }),
      );
    },
  };
  const deps: Partial<ConnectorDeps> = { transport, ...options.deps };
  const urls = { backendUrl: "http://upstream.test/backend-api", issuerUrl: "http://127.0.0.1:1" };
  return { ...createKit({ ...urls, logins, ...options, deps }), sent };
}

/** An answer of server-sent events. */
export function streamed(text: string, headers: Record<string, string> = {}): Response {
  return new Response(text, { headers: { "content-type": "text/event-stream", ...headers } });
}

export const event = (type: string, more: object = {}): string =>
  `event: ${type}\ndata: ${JSON.stringify({ type, ...more })}\n\n`;

export const ANSWER =
  event("response.created") +
  event("response.output_text.delta", { delta: "ok" }) +
  event("response.completed");
