import type { Clock, EpochMs } from "@open-multi-auth/domain";
import type { Refusal } from "@open-multi-auth/runtime-node";
import type { Timers } from "../fresh-limits.ts";
import { responsesPath } from "../model-request.ts";
import { refusalResponse } from "../refusal.ts";
import type { SessionEvents } from "./context.ts";

/** Where requests go that the pool answers: nowhere. No network, no proxy sees them, whatever host sends them. */
const NOWHERE = "data:,";

/** The upstreams of OpenCode's own provider; any other was chosen by the person, and is left alone. */
const ORIGINS: ReadonlySet<string> = new Set(["https://api.openai.com", "https://chatgpt.com"]);

/** A body that nobody has begun to read by then never will be. */
const UNREAD_MS = 60_000;

/** Answers a request from the pool; `refused` makes the answer where there is none. */
export type PoolFetch = (
  request: Request,
  init: { readonly signal: AbortSignal },
  refused: (refusal: Refusal, now: EpochMs) => Response,
) => Promise<Response>;

interface Deps {
  readonly fetch: PoolFetch;
  readonly clock: Clock;
  readonly timers: Timers;
  /** Whether the pool is to answer at all. */
  readonly isInUse: () => Promise<boolean>;
}

interface Waiting {
  readonly sessionID: string;
  readonly since: EpochMs;
  readonly calledOff: AbortController;
}

/** What the hooks around a model request do. None of them ever throws: the host would give up the whole step. */
export interface Requests {
  readonly onRequest: (event: SessionEvents["http.request"]) => Promise<void>;
  readonly onResponse: (event: SessionEvents["http.response"]) => Promise<void>;
  readonly onRetry: (event: SessionEvents["retry"]) => void;
  readonly onHandshake: (event: SessionEvents["experimental.ws.handshake"]) => Promise<void>;
  /** The session's requests that are waited for were called off, those since `at` excepted. */
  readonly interrupt: (sessionID: string, at: number | undefined) => void;
}

/**
 * Puts the pool in the place of the provider's network. A hook can replace a request and a response, but not answer the one
 * with the other: so the request for the pool is sent nowhere, and what comes back from there gives way to the pool's answer.
 */
export function createRequests({ fetch, clock, timers, isInUse }: Deps): Requests {
  const asked = new WeakMap<Request, Request>();
  const refusals = new WeakMap<Response, Refusal>();
  const waiting = new Set<Waiting>();
  /** The newest refusal of a session, for as long as it is the newest answer. */
  const refused = new Map<string, Refusal>();

  async function answer(request: Request, sessionID: string): Promise<Response> {
    const one: Waiting = { sessionID, since: clock.now(), calledOff: new AbortController() };
    waiting.add(one);
    try {
      return await fetch(request, { signal: one.calledOff.signal }, (refusal, now) => {
        const response = refusalResponse(refusal, now);
        refusals.set(response, refusal);
        return response;
      });
    } catch (thrown) {
      return one.calledOff.signal.aborted ? CALLED_OFF() : fault(thrown);
    } finally {
      waiting.delete(one);
    }
  }

  return {
    async onRequest(event) {
      if (!isForPool(event.request.url) || !(await isInUse())) return;
      const placeholder = new Request(NOWHERE);
      asked.set(placeholder, forUpstream(event.request, event.sessionID));
      event.request = placeholder;
    },
    async onResponse(event) {
      const request = asked.get(event.request);
      if (request === undefined) return;
      asked.delete(event.request);
      const response = await answer(request, event.sessionID);
      const refusal = refusals.get(response);
      if (event.kind === "primary" || event.kind === "compaction") {
        if (refusal === undefined) refused.delete(event.sessionID);
        else refused.set(event.sessionID, refusal);
      }
      timers.after(UNREAD_MS, () => {
        if (response.body?.locked === false) void response.body.cancel();
      });
      event.response = response;
    },
    onRetry(event) {
      // By words in the text the host would take a short rest for a spent quota.
      const refusal = refused.get(event.sessionID);
      if (refusal === undefined || refusal.code === "HOST_OFFLINE") return;
      const { status, headers } = refusalResponse(refusal, clock.now());
      const seconds = Number(headers.get("retry-after"));
      event.decision = status === 429 ? { retry: true, delay: seconds * 1000 } : { retry: false };
    },
    async onHandshake({ headers }) {
      // Without a credential the host goes on over HTTP, where the pool answers.
      if (!(await isInUse())) return;
      for (const name of Object.keys(headers))
        if (name.toLowerCase() === "authorization") delete headers[name];
    },
    interrupt(sessionID, at = Infinity) {
      refused.delete(sessionID);
      for (const one of waiting) if (one.sessionID === sessionID && one.since <= at) one.calledOff.abort();
    },
  };
}

function isForPool(url: string): boolean {
  return responsesPath(url) !== undefined && ORIGINS.has(new URL(url).origin);
}

/** The request with what the upstream knows a conversation by, and without what is the host's own. */
function forUpstream(request: Request, sessionID: string): Request {
  const headers = new Headers(request.headers);
  headers.set("session-id", headers.get("x-session-affinity") ?? sessionID);
  headers.set("originator", "opencode");
  for (const [name] of request.headers) if (name.startsWith("x-opencode-")) headers.delete(name);
  return new Request(request, { headers });
}

/** Nobody reads it; the number is the one that servers use for a client that went away. */
const CALLED_OFF = (): Response =>
  Response.json(
    { error: { code: "REQUEST_ABORTED", message: "The request was called off." } },
    { status: 499 },
  );

function fault(thrown: unknown): Response {
  const message = `The account pool met a fault (${String(thrown)}). Run: oma doctor`;
  return Response.json({ error: { code: "INTERNAL_ERROR", message } }, { status: 403 });
}
