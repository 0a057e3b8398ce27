import type { Fetch } from "@open-multi-auth/domain";
import { upstreamAnswer, type Transport } from "@open-multi-auth/connector";
import { proxyUse, proxyVariables } from "./environment-proxy.ts";
import { httpTransport } from "./http-transport.ts";

type GlobalFetch = typeof globalThis.fetch;

/** Far more than an answer of these holds; what sends more is something else. */
const MOST_BYTES = 1_048_576;

/** Short exchanges (tokens, limits) over a fetch. Redirects are never followed: a token must not travel on. */
export function fetchPort(
  fetch: GlobalFetch,
): (...args: [...Parameters<Fetch>, calledOff?: AbortSignal]) => ReturnType<Fetch> {
  return async (url, { timeoutMs, ...request }, calledOff) => {
    const ending = new AbortController();
    const signal = AbortSignal.any([
      AbortSignal.timeout(timeoutMs),
      ending.signal,
      ...(calledOff === undefined ? [] : [calledOff]),
    ]);
    const answer = await fetch(url, { ...request, redirect: "manual", signal });
    const body = await boundedText(answer);
    // Cancelling the body would leave the connection open in Bun.
    if (body === undefined) ending.abort();
    return {
      status: answer.status,
      header: (name) => answer.headers.get(name) ?? undefined,
      body: body ?? "",
    };
  };
}

/** The body, or undefined where it is too large to be read. */
async function boundedText({ body }: Response): Promise<string | undefined> {
  const decoder = new TextDecoder();
  let text = "";
  let bytes = 0;
  const reader = body?.getReader();
  for (let part = await reader?.read(); part?.value !== undefined; part = await reader?.read()) {
    bytes += part.value.byteLength;
    if (bytes > MOST_BYTES) return undefined;
    text += decoder.decode(part.value, { stream: true });
  }
  return text + decoder.decode();
}

/**
 * Model requests over a fetch: streamed both ways. A redirect is an error, never followed: together with `window: null`
 * that spares Node's fetch a copy of each request, which costs as much as the whole selection.
 */
function fetchTransport(fetch: GlobalFetch): Transport {
  return {
    send: async (url, init) => upstreamAnswer(await fetch(url, { ...init, redirect: "error", window: null })),
  };
}

/**
 * Model requests over this fetch, else over the client that costs this runtime least; through the proxy that the
 * environment names. Bun's fetch reads that by itself.
 */
export function modelTransport(
  fetch: GlobalFetch | undefined,
  env: Readonly<Record<string, string | undefined>>,
): Transport {
  if (fetch !== undefined) return fetchTransport(fetch);
  if (process.versions["bun"] !== undefined) return fetchTransport(globalThis.fetch);
  return httpTransport(proxyUse(env) === "used" ? proxyVariables(env) : undefined);
}
