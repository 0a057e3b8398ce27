import { request as requestHttp, type RequestOptions } from "node:http";
import { request as requestHttps } from "node:https";
import type { Ask } from "./ports.ts";

const TIMEOUT_MS = 3_000;
const MOST_BYTES = 4_194_304;
const SERVICE = "/exa.language_server_pb.LanguageServerService";
const BODY = JSON.stringify({
  metadata: { ideName: "antigravity", extensionName: "antigravity", locale: "en" },
});

/** Asks over TLS, and in the open where the port has none; never leaves this machine. */
export const ask: Ask = async (port, method, csrfToken) => {
  const options: RequestOptions = {
    host: "127.0.0.1",
    port,
    path: `${SERVICE}/${method}`,
    method: "POST",
    agent: false,
    headers: {
      "content-type": "application/json",
      "content-length": Buffer.byteLength(BODY),
      "connect-protocol-version": "1",
      "x-codeium-csrf-token": csrfToken,
    },
  };
  // Its certificate is made by itself; who listens at the port is known by its process.
  const secure = await jsonFrom(() => requestHttps({ ...options, rejectUnauthorized: false }));
  return secure ?? jsonFrom(() => requestHttp(options));
};

function jsonFrom(begin: () => ReturnType<typeof requestHttp>): Promise<unknown> {
  return new Promise((resolve) => {
    const request = begin();
    const giveUp = (): void => {
      resolve(undefined);
      request.destroy();
    };
    const timer = setTimeout(giveUp, TIMEOUT_MS);
    request.once("error", giveUp);
    request.once("close", () => clearTimeout(timer));
    request.once("response", (response) => {
      const parts: Buffer[] = [];
      let bytes = 0;
      response.on("error", giveUp);
      response.on("data", (part: Buffer) => {
        bytes += part.length;
        if (bytes > MOST_BYTES) giveUp();
        else parts.push(part);
      });
      response.once("end", () =>
        resolve(response.statusCode === 200 ? parsed(Buffer.concat(parts)) : undefined),
      );
    });
    request.end(BODY);
  });
}

function parsed(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString("utf8"));
  } catch {
    return undefined;
  }
}
