import { fieldsOf, textOf } from "./json.ts";

/** The machine has no way to the upstream: no name service, no network, no route. */
const UNREACHABLE = new Set([
  "ENOTFOUND",
  "EAI_AGAIN",
  "ENETUNREACH",
  "ENETDOWN",
  "EHOSTUNREACH",
  "EHOSTDOWN",
  "EADDRNOTAVAIL",
]);

const CONNECT_TIMEOUT = "UND_ERR_CONNECT_TIMEOUT";

/** No connection was made, or not through the proxy. In Bun this is also all that a failed name look-up says. */
const NOT_CONNECTED = new Set([
  "ECONNREFUSED",
  "ConnectionRefused",
  "ERR_PROXY_TUNNEL",
  "FailedToOpenSocket",
  CONNECT_TIMEOUT,
]);
const TLS = /CERT|_TLS_|_SSL_/;

/** How far a request got that was not answered, by the error codes of Node and Bun. */
export function connectFailure(thrown: unknown): "unreachable" | "connect" | "network" {
  const codes = codesOf(thrown);
  if (codes.some(isUnreachable)) return "unreachable";
  return codes.some((code) => NOT_CONNECTED.has(code) || TLS.test(code)) ? "connect" : "network";
}

/** Whether an error code says that the machine has no way out at all. */
export function isUnreachable(code: unknown): boolean {
  return typeof code === "string" && UNREACHABLE.has(code);
}

// `fetch failed` hides its cause one level down, and the attempts for several addresses one more. A time-out says only
// by its call whether there was a connection.
function codesOf(thrown: unknown): readonly string[] {
  const outer = fieldsOf(thrown);
  const cause = fieldsOf(outer["cause"]);
  const attempts: readonly unknown[] = Array.isArray(cause["errors"]) ? cause["errors"] : [];
  const all = [outer, cause, ...attempts.map(fieldsOf)];
  return all
    .map(({ code, syscall }) =>
      code === "ETIMEDOUT" && syscall === "connect" ? CONNECT_TIMEOUT : textOf(code),
    )
    .filter((code) => code !== undefined);
}
