import { connect } from "node:net";
import type { ApiDeps } from "../src/index.ts";
import { listen, requestListener } from "../src/node/index.ts";
import { createBareApi, type BareApi } from "./bare-api.ts";

/** A bare API on a real socket. */
export interface Served extends BareApi, AsyncDisposable {
  readonly port: number;
  readonly origin: string;
  /** The headers of a tool. */
  readonly own: Readonly<Record<string, string>>;
  fetch(path: string, init?: RequestInit): Promise<Response>;
  /** Sends bytes as they are; the answer as it is, once the server has closed the connection. */
  raw(text: string): Promise<string>;
  /** A cookie that a launch code was exchanged for. */
  cookie(): Promise<string>;
}

export async function serveBare(deps: Partial<ApiDeps> = {}): Promise<Served> {
  const listening = (await listen({ host: "127.0.0.1", port: 0 }))._unsafeUnwrap();
  const { port, authority } = listening;
  const bare = createBareApi({ port, hosts: [authority, `localhost:${port}`], ...deps });
  listening.handle(requestListener(bare.api));
  const origin = `http://${authority}`;
  const raw = (text: string): Promise<string> =>
    new Promise((resolve) => {
      const socket = connect(port, "127.0.0.1");
      let answer = "";
      socket.on("data", (chunk) => (answer += chunk.toString("latin1")));
      socket.on("error", () => resolve(answer));
      socket.on("close", () => resolve(answer));
      socket.write(text);
    });
  return {
    ...bare,
    port,
    origin,
    own: {
      authorization: `Bearer ${bare.api.sessions.token}`,
      "content-type": "application/json",
    },
    fetch: (path, init = {}) => fetch(origin + path, init),
    raw,
    async cookie() {
      const { code } = bare.api.sessions.launchCode();
      const answer = await fetch(`${origin}/api/session`, {
        method: "POST",
        headers: { "content-type": "application/json", "x-open-multi-auth": "1" },
        body: JSON.stringify({ code }),
      });
      return answer.headers.get("set-cookie") ?? "";
    },
    async [Symbol.asyncDispose]() {
      bare.api.close();
      await listening.close();
    },
  };
}

/** One request that a socket can send as it is. */
export const rawRequest = (line: string, ...headers: string[]): string =>
  [line, ...headers, "Connection: close", "", ""].join("\r\n");
