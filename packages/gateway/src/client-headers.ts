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

/** What services of all kinds call their credentials. */
const CREDENTIAL = /(?:api-?key|subscription-key|authorization|(?:access|auth|id|refresh|security)-token)$/;

/** The client's headers without what must not leave this machine. */
export function clientHeaders(
  headers: Readonly<Record<string, string | string[] | undefined>>,
): Record<string, string> {
  const kept: Record<string, string> = {};
  const own = namedBy(headers["connection"]);
  for (const name in headers) {
    const value = headers[name];
    if (value === undefined || DROPPED.has(name) || own?.includes(name) === true) continue;
    if (CREDENTIAL.test(name)) continue;
    kept[name] = typeof value === "string" ? value : value.join(", ");
  }
  return kept;
}

/** `Connection` can name further headers that end here. */
function namedBy(connection: string | string[] | undefined): readonly string[] | undefined {
  if (connection === undefined || connection === "keep-alive" || connection === "close") return undefined;
  return String(connection)
    .split(",")
    .map((name) => name.trim().toLowerCase());
}
