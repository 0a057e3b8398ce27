import type { AccessToken, HeaderFields } from "./ports.ts";

const HOP_BY_HOP = [
  "connection",
  "keep-alive",
  "proxy-authenticate",
  "proxy-authorization",
  "proxy-connection",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
];

/** Of the caller's: what concerns its own connection, credentials of any kind, and what is internal to OpenCode. */
const NOT_FORWARDED = new Set([
  ...HOP_BY_HOP,
  "accept-encoding",
  "authorization",
  "chatgpt-account-id",
  "content-length",
  "cookie",
  "cookie2",
  "expect",
  "host",
  "x-api-key",
  "x-opencode-title",
]);

/** Of the upstream's: its cookies, its connection, and the body's length and coding, which do not hold any more. */
const NOT_RETURNED = [
  ...HOP_BY_HOP,
  "content-encoding",
  "content-length",
  "location",
  "set-cookie",
  "set-cookie2",
];

/** The headers for the upstream: the caller's, without what is not meant for it, and the account's credential. */
export function upstreamHeaders(
  callers: Readonly<Record<string, string>>,
  token: AccessToken,
): Record<string, string> {
  const headers: Record<string, string> = {};
  const own = connectionHeaders(callers);
  for (const name of Object.keys(callers)) {
    const lower = name.toLowerCase();
    const value = callers[name];
    if (value === undefined || NOT_FORWARDED.has(lower) || own.has(lower)) continue;
    headers[lower] = value;
  }
  headers["authorization"] = `Bearer ${token.accessToken}`;
  if (token.upstreamAccountId !== undefined) headers["chatgpt-account-id"] = token.upstreamAccountId;
  return headers;
}

/** Takes out of an answer's headers what is not for the client. */
export function withholdHeaders(headers: Pick<HeaderFields, "has" | "delete">): void {
  // Taking out what is not there costs Bun more than asking for it, and hardly any of them ever is.
  for (const name of NOT_RETURNED) if (headers.has(name)) headers.delete(name);
}

// `Connection` can name further headers that end at this hop.
function connectionHeaders(callers: Readonly<Record<string, string>>): ReadonlySet<string> {
  const named = callers["connection"] ?? callers["Connection"];
  if (named === undefined) return NONE;
  return new Set(named.split(",").map((name) => name.trim().toLowerCase()));
}

const NONE: ReadonlySet<string> = new Set();
