import {
  epochMs,
  requestId,
  sessionId,
  type DecisionRecord,
  type Settings,
  decisionRecordSchema,
} from "@open-multi-auth/domain";
import {
  createConnector,
  upstreamAnswer,
  webResponse,
  type ConnectorDeps,
  type ModelRequest,
  type Refusal,
  type Transport,
} from "../src/index.ts";
import type { ResultAsync } from "neverthrow";
import { createMemoryPool, type Login, type MemoryPool } from "./memory-pool.ts";
import { createTokenClient } from "./token-client.ts";

/** A connector over real HTTP, with everything a test looks at. */
export interface Kit {
  /** Its answers as responses of a fetch. */
  readonly connector: { handle(request: ModelRequest): ResultAsync<Response, Refusal> };
  readonly pool: MemoryPool;
  readonly records: DecisionRecord[];
  readonly clock: { offsetMs: number; now(): ReturnType<typeof epochMs> };
}

/** What a kit is made of; `deps` replaces ports. */
export interface KitOptions {
  readonly backendUrl: string;
  readonly issuerUrl: string;
  readonly logins: readonly Login[];
  readonly settings?: Partial<Settings>;
  readonly deps?: Partial<ConnectorDeps>;
}

export const fetchTransport: Transport = {
  send: (url, init) => fetch(url, { ...init, redirect: "manual" }).then(upstreamAnswer),
};

/** Builds the kit. It runs in Node and in Bun. */
export function createKit({ backendUrl, issuerUrl, logins, settings, deps }: KitOptions): Kit {
  const clock = { offsetMs: 0, now: () => epochMs(Date.now() + clock.offsetMs) };
  const random = { next: () => 0.5 };
  const pool = createMemoryPool(logins, { clock, random, ...(settings && { settings }) });
  const records: DecisionRecord[] = [];
  let serial = 0;
  const connector = createConnector({
    pool,
    tokens: createTokenClient(pool, issuerUrl),
    transport: fetchTransport,
    log: { append: (record) => void records.push(decisionRecordSchema.parse(JSON.parse(record()))) },
    clock,
    random,
    timers: {
      after(ms, run) {
        const timer = setTimeout(run, ms);
        return () => clearTimeout(timer);
      },
    },
    upstreamUrl: backendUrl,
    ids: () => requestId(`req_${(serial += 1)}`),
    ...deps,
  });
  return {
    connector: { handle: (request) => connector.handle(request).map(webResponse) },
    pool,
    records,
    clock,
  };
}

/** A prompt as OpenCode sends it. */
export function prompt(
  text = "hi",
  more: Partial<ModelRequest> & { input?: readonly unknown[] } = {},
): ModelRequest {
  const { input = [], ...request } = more;
  const user = { type: "message", role: "user", content: [{ type: "input_text", text }] };
  return {
    path: "/responses",
    method: "POST",
    headers: {
      "content-type": "application/json",
      authorization: "Bearer placeholder",
      "session-id": "ses_1",
    },
    body: JSON.stringify({
      model: "gpt-5.5",
      input: [...input, user],
      stream: true,
      include: ["reasoning.encrypted_content"],
    }),
    sessionId: sessionId("ses_1"),
    ...request,
  };
}
