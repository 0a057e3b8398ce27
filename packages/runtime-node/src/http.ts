import type { Fetch } from "@open-multi-auth/domain";
import type { Transport } from "@open-multi-auth/connector";

type GlobalFetch = typeof globalThis.fetch;

/** Short exchanges (tokens, limits) over a fetch. Redirects are never followed: a token must not travel on. */
export function fetchPort(fetch: GlobalFetch): Fetch {
  return async (url, { timeoutMs, ...request }) => {
    const answer = await fetch(url, {
      ...request,
      redirect: "manual",
      signal: AbortSignal.timeout(timeoutMs),
    });
    const body = await answer.text();
    return { status: answer.status, header: (name) => answer.headers.get(name) ?? undefined, body };
  };
}

/**
 * Model requests over a fetch: streamed both ways. A redirect is an error, never followed: together with `window: null`
 * that spares Node's fetch a copy of each request, which costs as much as the whole selection.
 */
export function fetchTransport(fetch: GlobalFetch): Transport {
  return { send: (url, init) => fetch(url, { ...init, redirect: "error", window: null }) };
}
