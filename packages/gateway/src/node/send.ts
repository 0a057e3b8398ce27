import type { ServerResponse } from "node:http";
import { errorBody, type ErrorAnswer } from "../errors.ts";
import type { AnswerBody, GatewayAnswer } from "../ports.ts";

/** Sends an error. What is still to come of the request is read and thrown away. */
export function sendError(response: ServerResponse, error: ErrorAnswer): void {
  sendJson(response, error.status, errorBody(error), error.headers);
}

/** Sends one JSON text. */
export function sendJson(
  response: ServerResponse,
  status: number,
  body: string,
  headers: Readonly<Record<string, string>> = {},
): void {
  const own = { ...OWN_HEADERS, "content-length": Buffer.byteLength(body), ...headers };
  sendText(response, status, body, Object.entries(own).flat().map(String));
}

/** Sends a stream's one JSON answer, under the headers that the stream came with. */
export function sendWhole(response: ServerResponse, json: string, headers: readonly string[]): void {
  const kept = headers.filter((_, at) => headers[at - (at % 2)] !== "content-type");
  sendText(response, 200, json, [...kept, "content-type", "application/json"]);
}

function sendText(response: ServerResponse, status: number, body: string, headers: string[]): void {
  if (response.headersSent || response.destroyed) response.destroy();
  else response.writeHead(status, headers).end(body);
}

const OWN_HEADERS = {
  "content-type": "application/json",
  "cache-control": "no-store",
  "x-content-type-options": "nosniff",
};

/**
 * Sends an answer as it comes, and only as fast as the client takes it.
 *
 * @param headers names and values in turn
 */
export async function sendAnswer(
  response: ServerResponse,
  { status, statusText, body }: GatewayAnswer,
  headers: string[],
): Promise<void> {
  response.writeHead(status, statusText, headers);
  if (body === null) response.end();
  else await pump(body, response);
}

async function pump(body: AnswerBody, response: ServerResponse): Promise<void> {
  for (;;) {
    const next = body.read();
    const { done, value } = next instanceof Promise ? await next : next;
    if (response.destroyed) return body.cancel();
    if (done) return void response.end();
    if (!response.write(value)) await drained(response);
  }
}

/** Until the client has taken what was sent, or is gone. */
function drained(response: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      response.off("drain", done);
      response.off("close", done);
      resolve();
    };
    response.on("drain", done);
    response.on("close", done);
  });
}
