import type { IncomingMessage, ServerResponse } from "node:http";
import { answerTokenRequest } from "./authorization-server.ts";
import { reportUsage, respond } from "./backend.ts";
import type { Gates } from "./gates.ts";
import type { LogEntry, LogMode, RequestLog } from "./log.ts";
import { pause, perform } from "./perform.ts";
import { bearerToken, describeHead, header } from "./head.ts";
import { jsonAnswer } from "./reply.ts";
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
  const keep = mode === "full" || entry.endpoint === "token";
  const chunks: Buffer[] = [];
  return new Promise((resolve) => {
    req.on("data", (chunk: Buffer) => {
      entry.bodyBytes += chunk.length;
      if (keep) chunks.push(chunk);
    });
    req.once("end", () => {
      entry.body = parseBody(Buffer.concat(chunks).toString(), req.headers["content-type"] ?? "");
      entry.model = stringField(entry.body, "model");
      resolve(true);
    });
    req.once("close", () => resolve(false));
  });
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
    case "unknown":
      return { reply: jsonAnswer(404, { detail: "Not Found" }), behaviour: null, delayMs: 0 };
    default:
      return entry.endpoint satisfies never;
  }
}

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
