import type { IncomingMessage, ServerResponse } from "node:http";
import zlib from "node:zlib";
import { answerTokenRequest } from "./authorization-server.ts";
import { authorize } from "./authorize.ts";
import { listWorkspaces, reportUsage, respond } from "./backend.ts";
import { enterUserCode, pollDevice, startDevice } from "./device-flow.ts";
import type { Gates } from "./gates.ts";
import type { LogEntry, LogMode, RequestLog } from "./log.ts";
import { pause, perform } from "./perform.ts";
import { bearerToken, describeHead, header } from "./head.ts";
import { jsonAnswer, type Reply } from "./reply.ts";
import { stringField, type BackendRequest } from "./request.ts";
import type { Served } from "./served.ts";
import type { SimState } from "./state.ts";

export interface ExchangeDeps {
  readonly state: SimState;
  readonly log: RequestLog;
  readonly gates: Gates;
}

/** Reads, answers and logs one request to the simulated servers. */
export async function exchange(req: IncomingMessage, res: ServerResponse, deps: ExchangeDeps): Promise<void> {
  const mode = deps.log.mode();
  const entry = deps.log.open(describeHead(req, deps.state, mode));
  res.once("close", () => {
    if (entry.outcome === "open") entry.outcome = res.writableFinished ? "done" : "aborted";
    entry.endedAt = deps.state.now();
    deps.log.changed();
  });
  if (!(await readBody(req, entry, mode))) return;
  const { reply, behaviour, delayMs } = serve(req, entry, deps.state);
  if (mode === "light") entry.body = null;
  entry.behaviour = behaviour;
  deps.log.changed();
  if (delayMs > 0) await pause(delayMs, res);
  if (res.destroyed) return;
  await perform(reply, res, {
    gates: deps.gates,
    onHead: (status) => {
      entry.status = status;
      deps.log.changed();
    },
    onCut: () => {
      entry.outcome = "cut";
    },
  });
}

/** Fills the entry's body fields; false when the client went away inside the body. */
function readBody(req: IncomingMessage, entry: LogEntry, mode: LogMode): Promise<boolean> {
  const keep = mode === "full" || entry.endpoint !== "responses";
  const chunks: Buffer[] = [];
  return new Promise((resolve) => {
    req.on("data", (chunk: Buffer) => {
      entry.bodyBytes += chunk.length;
      if (keep) chunks.push(chunk);
    });
    req.once("end", () => {
      const sent = decoded(Buffer.concat(chunks), req.headers["content-encoding"]);
      entry.body = parseBody(sent.toString(), req.headers["content-type"] ?? "");
      entry.model = stringField(entry.body, "model");
      resolve(true);
    });
    req.once("close", () => resolve(false));
  });
}

/** The Codex CLI's built-in provider compresses what it sends; Node can read that from 22.15 on. */
function decoded(body: Buffer, coding: string | undefined): Buffer {
  if (coding !== "zstd") return body;
  try {
    return zlib.zstdDecompressSync(body);
  } catch {
    return body;
  }
}

function parseBody(text: string, contentType: string): unknown {
  if (contentType.includes("x-www-form-urlencoded")) return Object.fromEntries(new URLSearchParams(text));
  if (text === "") return null;
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function serve(req: IncomingMessage, entry: LogEntry, state: SimState): Served {
  switch (entry.endpoint) {
    case "responses":
      return respond(state, backendRequest(req, entry));
    case "usage":
      return reportUsage(state, backendRequest(req, entry));
    case "token": {
      const answered = answerTokenRequest(state, entry.body);
      entry.grant = answered.grant;
      entry.alias = answered.alias;
      entry.accountId = state.accounts.get(answered.alias ?? "")?.profile.accountId ?? null;
      return answered;
    }
    case "workspaces":
      return listWorkspaces(state, backendRequest(req, entry));
    case "authorize":
      return plainly(authorize(state, urlOf(req)));
    case "user-code":
      return plainly(startDevice(state, entry.body));
    case "device-token":
      return plainly(pollDevice(state, entry.body, urlOf(req).origin));
    case "device-page":
      return plainly(enterUserCode(state, urlOf(req)));
    case "unknown":
      // No WebSocket is spoken here: clients go on over plain requests.
      if (req.headers.upgrade !== undefined) return plainly(jsonAnswer(426, { detail: "Upgrade Required" }));
      return plainly(jsonAnswer(404, { detail: "Not Found" }));
    default:
      return entry.endpoint satisfies never;
  }
}

const plainly = (reply: Reply): Served => ({ reply, behaviour: null, delayMs: 0 });

const urlOf = (req: IncomingMessage): URL => new URL(`http://${req.headers.host}${req.url}`);

function backendRequest(req: IncomingMessage, entry: LogEntry): BackendRequest {
  const { model, body, bodyBytes } = entry;
  return {
    accessToken: bearerToken(req),
    workspace: header(req, "chatgpt-account-id"),
    model,
    body,
    bodyBytes,
  };
}
