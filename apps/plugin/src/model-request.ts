import type { ModelRequest } from "@open-multi-auth/connector";
import { sessionId, type SessionId } from "@open-multi-auth/domain";

/** The arguments of a fetch as OpenCode calls it; both forms of the standard are taken. */
export type FetchArguments = Parameters<typeof globalThis.fetch>;

const RESPONSES_PATH = /\/responses(?:\/[A-Za-z0-9_/-]*)?$/;

/**
 * What OpenCode asks for, as the connector takes it.
 *
 * Only the path behind `/responses` counts: a project's configuration chooses the rest of the URL, and must not be
 * able to choose where tokens go.
 *
 * @returns undefined for a path that the upstream does not have
 */
export async function modelRequest([input, init]: FetchArguments): Promise<ModelRequest | undefined> {
  const request = input instanceof Request ? input : undefined;
  const url = request?.url ?? String(input);
  const path = RESPONSES_PATH.exec(new URL(url).pathname)?.[0];
  if (path === undefined) return undefined;

  const headers = headersOf(init?.headers ?? request?.headers);
  const signal = init?.signal ?? request?.signal;
  return {
    path,
    method: init?.method ?? request?.method ?? "GET",
    headers,
    body: await bodyOf(init?.body ?? undefined, request),
    ...(signal && { signal }),
    ...session("sessionId", headers["session-id"] ?? headers["x-session-id"]),
    ...session("parentSessionId", headers["x-parent-session-id"]),
  };
}

/** Header names in lower case; OpenCode passes a plain object, which needs no Headers to be read. */
function headersOf(init: RequestInit["headers"]): Record<string, string> {
  const pairs =
    init === undefined || init instanceof Headers || Array.isArray(init) || Symbol.iterator in init
      ? new Headers(init as HeadersInit | undefined)
      : Object.entries(init);
  const headers: Record<string, string> = {};
  for (const [name, value] of pairs) headers[name.toLowerCase()] = String(value);
  return headers;
}

async function bodyOf(body: unknown, request: Request | undefined): Promise<string | Uint8Array | null> {
  if (typeof body === "string" || body instanceof Uint8Array) return body;
  if (body === undefined && request === undefined) return null;
  const bytes = await (body === undefined ? request : new Response(body as BodyInit))?.arrayBuffer();
  return bytes === undefined || bytes.byteLength === 0 ? null : new Uint8Array(bytes);
}

function session<K extends string>(key: K, id: string | undefined): { [P in K]?: SessionId } {
  return id === undefined ? {} : ({ [key]: sessionId(id) } as { [P in K]?: SessionId });
}
