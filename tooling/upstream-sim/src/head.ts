import { createHash } from "node:crypto";
import type { IncomingMessage } from "node:http";
import type { Place } from "./behaviour.ts";
import type { LogEntry, LogMode } from "./log.ts";
import type { SimState } from "./state.ts";

const endpoints: ReadonlyMap<string, Place> = new Map([
  ["POST /backend-api/codex/responses", "responses"],
  ["GET /backend-api/wham/usage", "usage"],
  ["GET /backend-api/wham/accounts/check", "workspaces"],
  ["GET /oauth/authorize", "authorize"],
  ["POST /oauth/token", "token"],
  ["POST /api/accounts/deviceauth/usercode", "user-code"],
  ["POST /api/accounts/deviceauth/token", "device-token"],
  ["GET /codex/device", "device-page"],
]);

/** What the log can say of a request before its body has come. */
export function describeHead(req: IncomingMessage, state: SimState, mode: LogMode): Omit<LogEntry, "seq"> {
  const method = req.method ?? "GET";
  const path = req.url ?? "/";
  const accessToken = bearerToken(req);
  const issued = accessToken === null ? undefined : state.accessTokens.get(accessToken);
  return {
    at: state.now(),
    endpoint: endpoints.get(`${method} ${path.split("?", 1)[0]}`) ?? "unknown",
    method,
    path,
    alias: issued?.account.profile.alias ?? null,
    accountId: issued?.account.profile.accountId ?? null,
    headers: mode === "light" ? null : plainHeaders(req),
    accessToken: mode === "light" ? null : accessToken,
    accessTokenFingerprint: mode === "light" || accessToken === null ? null : fingerprint(accessToken),
    sessionId: header(req, "session-id") ?? header(req, "x-session-id"),
    model: null,
    bodyBytes: 0,
    body: null,
    behaviour: null,
    status: null,
    outcome: "open",
    endedAt: null,
    grant: null,
  };
}

export function bearerToken(req: IncomingMessage): string | null {
  const value = header(req, "authorization");
  return value?.slice(0, 7).toLowerCase() === "bearer " ? value.slice(7) : null;
}

export function header(req: IncomingMessage, name: string): string | null {
  const value = req.headers[name];
  return typeof value === "string" ? value : null;
}

function plainHeaders(req: IncomingMessage): Record<string, string> {
  return Object.fromEntries(Object.entries(req.headers).map(([name, value]) => [name, String(value)]));
}

function fingerprint(token: string): string {
  return createHash("sha256").update(token).digest("hex").slice(0, 12);
}
