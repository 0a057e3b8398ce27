/** Credentials of any kind, and what belongs to the client's own connection: none of it goes further than this door. */
const DROPPED: ReadonlySet<string> = new Set([
  "api-key",
  "authorization",
  "chatgpt-account-id",
  "connection",
  "content-length",
  "cookie",
  "expect",
  "host",
  "keep-alive",
  "openai-organization",
  "openai-project",
  "proxy-authorization",
  "proxy-connection",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
  "x-api-key",
  "x-opencode-title",
]);

/** The client's headers without what must not leave this machine. */
export function clientHeaders(
  headers: Readonly<Record<string, string | string[] | undefined>>,
): Record<string, string> {
  const kept: Record<string, string> = {};
  for (const name in headers) {
    const value = headers[name];
    if (value === undefined || DROPPED.has(name)) continue;
    kept[name] = typeof value === "string" ? value : value.join(", ");
  }
  return kept;
}
