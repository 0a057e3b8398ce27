import type { IncomingMessage, ServerResponse } from "node:http";
import { turnedAway } from "../admission.ts";
import { clientHeaders } from "../client-headers.ts";
import { conversationOf } from "../conversation.ts";
import type { ErrorAnswer } from "../errors.ts";
import { modelEntry, modelList } from "../models.ts";
import { shownHeaders, usageReport } from "../pool-usage.ts";
import type { GatewayAnswer, GatewayDeps, GatewayRequest } from "../ports.ts";
import { nativeBody, prepareBody } from "../prepare-body.ts";
import { refusalAnswer } from "../refusal-answer.ts";
import { routeOf } from "../route.ts";
import { wholeAnswer } from "../whole-answer.ts";
import { readBody } from "./read-body.ts";
import { sendAnswer, sendError, sendJson, sendWhole } from "./send.ts";

/** What an exchange needs beyond the gateway's own parts. */
export interface Door extends GatewayDeps {
  readonly port: number;
  readonly hasKey: (headers: IncomingMessage["headers"]) => boolean;
}

/** Answers one request. Rejects only where something is broken here. */
export async function exchange(
  request: IncomingMessage,
  response: ServerResponse,
  door: Door,
): Promise<void> {
  const { method = "", url: target = "", headers } = request;
  const refused = turnedAway({ method, target, hosts: hostsOf(request), headers }, door.port);
  if (refused !== undefined) return sendError(response, refused);
  const route = routeOf(method, target);
  if (route?.kind === "health")
    return sendJson(response, 200, JSON.stringify({ status: "ok", version: door.version }));
  if (!(await isLetIn(headers, door))) return sendError(response, NO_KEY);
  switch (route?.kind) {
    case "responses":
      return headers.upgrade === undefined
        ? respond(request, response, route.path, door)
        : sendError(response, NO_UPGRADE);
    case "models":
      return sendJson(
        response,
        200,
        JSON.stringify(route.id === undefined ? modelList() : modelEntry(route.id)),
      );
    case "usage":
      return sendJson(response, 200, JSON.stringify(usageReport(door.usage(), door.clock.now())));
    case undefined:
      return sendError(response, headers.upgrade === undefined ? NOT_FOUND : NO_UPGRADE);
    default:
      return route satisfies never;
  }
}

/** A client that was configured a moment ago has a key that this process may not have heard of. */
async function isLetIn(headers: IncomingMessage["headers"], door: Door): Promise<boolean> {
  if (door.hasKey(headers)) return true;
  await door.reloadKeys();
  return door.hasKey(headers);
}

/** Answers a model request. */
async function respond(
  request: IncomingMessage,
  response: ServerResponse,
  path: string,
  door: Door,
): Promise<void> {
  const calledOff = new AbortController();
  response.once("close", () => {
    if (!response.writableFinished) calledOff.abort();
  });
  const read = await readBody(request);
  if (read.kind === "gone") return;
  if (read.kind === "refused") return sendError(response, read.error);

  const headers = clientHeaders(request.headers);
  delete headers["content-encoding"];
  const prepared = (isNative(headers, path) ? nativeBody : prepareBody)(read.bytes);
  if (prepared === undefined) return sendError(response, NOT_JSON);
  const { body, model, promptCacheKey, wantsStream } = prepared;
  const asked: GatewayRequest = {
    path,
    method: "POST",
    headers,
    body,
    signal: calledOff.signal,
    ...(model !== undefined && { model }),
    ...conversationOf(headers, promptCacheKey),
  };
  const answered = await door.handler.handle(asked);
  if (answered.isErr()) {
    if (answered.error.code === "REQUEST_ABORTED") return void response.destroy();
    return sendError(response, refusalAnswer(answered.error, door.clock.now(), isOpenCode(headers)));
  }
  const answer = answered.value;
  try {
    await deliver(answer, response, { wantsStream, door });
  } catch (thrown) {
    // Nobody reads the rest of it any more.
    answer.body?.cancel();
    throw thrown;
  }
}

interface Delivery {
  readonly wantsStream: boolean;
  readonly door: Door;
}

async function deliver(
  answer: GatewayAnswer,
  response: ServerResponse,
  { wantsStream, door }: Delivery,
): Promise<void> {
  const shown = shownHeaders(answer.headers, door.usage());
  if (wantsStream || answer.body === null || answer.status !== 200)
    return sendAnswer(response, answer, shown);
  const whole = await wholeAnswer(answer.body);
  if (whole.kind === "failed") sendError(response, whole.error);
  else sendWhole(response, whole.json, shown);
}

/** The Codex CLI's requests are the upstream's own; so is whatever is not a plain model request. */
function isNative(headers: Readonly<Record<string, string>>, path: string): boolean {
  const isPlain = path === "/responses" || path.startsWith("/responses?");
  return !isPlain || headers["originator"]?.startsWith("codex") === true;
}

function isOpenCode(headers: Readonly<Record<string, string>>): boolean {
  return headers["user-agent"]?.startsWith("opencode/") === true;
}

function hostsOf({ rawHeaders }: IncomingMessage): readonly string[] {
  const hosts: string[] = [];
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const name = rawHeaders[at] ?? "";
    if (name.length === 4 && name.toLowerCase() === "host") hosts.push(rawHeaders[at + 1] ?? "");
  }
  return hosts;
}

const NO_KEY: ErrorAnswer = {
  status: 401,
  code: "TOKEN_REQUIRED",
  message: "a key of this gateway is needed as a bearer token; `oma key create` makes one",
  headers: { "www-authenticate": "Bearer" },
};
const NOT_FOUND: ErrorAnswer = { status: 404, code: "ROUTE_NOT_FOUND", message: "there is nothing here" };
const NOT_JSON: ErrorAnswer = {
  status: 400,
  code: "INVALID_JSON",
  message: "the body must be a JSON object",
};
const NO_UPGRADE: ErrorAnswer = {
  status: 426,
  code: "UPGRADE_NOT_SUPPORTED",
  message: "this gateway speaks plain HTTP only",
};
