import { sessionId } from "@open-multi-auth/domain";
import type { ModelRequest } from "@open-multi-auth/runtime-node";

/** The arguments of a fetch as OpenCode calls it; every form of the standard is taken. */
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
  const plain = typeof input === "string" && typeof init?.body === "string";
  const request = plain ? undefined : new Request(input, init);
  const url = plain ? input : request?.url;
  if (url === undefined) return undefined;
  const path = responsesPath(url);
  if (path === undefined) return undefined;

  const headers = headersOf(request?.headers ?? init?.headers);
  const signal = request?.signal ?? init?.signal;
  const session = headers["session-id"] ?? headers["x-session-id"];
  const parent = headers["x-parent-session-id"];
  return {
    path,
    method: request?.method ?? init?.method ?? "POST",
    headers,
    body: request ? await bytesOf(request) : stringOf(init),
    ...(signal && { signal }),
    ...(session !== undefined && { sessionId: sessionId(session) }),
    ...(parent !== undefined && { parentSessionId: sessionId(parent) }),
  };
}

let seen: { readonly url: string; readonly path: string | undefined } | undefined;

/** The part of a URL that the upstream has too; OpenCode asks the same one again and again: it is taken apart once. */
export function responsesPath(url: string): string | undefined {
  if (seen?.url !== url) seen = { url, path: RESPONSES_PATH.exec(new URL(url).pathname)?.[0] };
  return seen.path;
}

/** By lower-case names. OpenCode passes a plain object, which is read without building a Headers. */
function headersOf(init: Headers | NonNullable<FetchArguments[1]>["headers"]): Record<string, string> {
  if (init === undefined) return {};
  if (init instanceof Headers || Array.isArray(init)) return Object.fromEntries(new Headers(init));
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(init)) headers[name.toLowerCase()] = String(value);
  return headers;
}

/** OpenCode's own form: passed on without a copy. */
function stringOf(init: FetchArguments[1]): string | null {
  return typeof init?.body === "string" ? init.body : null;
}

async function bytesOf(request: Request): Promise<ModelRequest["body"]> {
  const bytes = new Uint8Array(await request.arrayBuffer());
  return bytes.length === 0 ? null : bytes;
}
