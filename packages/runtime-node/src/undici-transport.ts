import type {
  BodySource,
  Chunk,
  Transport,
  UpstreamAnswer,
  UpstreamRequest,
} from "@open-multi-auth/connector";
import { Readable } from "node:stream";
import { Client, type Dispatcher } from "undici";
import { bodySource, decoded, IDLE_MS, UNUSED_MS, WITHOUT_BODY } from "./body-source.ts";
import { plainHeaders } from "./plain-headers.ts";

/** How a connection ends that the upstream had closed when the request went out. */
const CLOSED: ReadonlySet<unknown> = new Set(["ECONNRESET", "EPIPE", "UND_ERR_SOCKET"]);

/** More unused connections than this are closed. */
const MOST_UNUSED = 64;

/** So much of an answer waits for its reader before the upstream has to. */
const MOST_WAITING_BYTES = 65_536;

const OPTIONS: Client.Options = {
  keepAliveTimeout: UNUSED_MS,
  keepAliveMaxTimeout: UNUSED_MS,
  headersTimeout: IDLE_MS,
  bodyTimeout: IDLE_MS,
};

/**
 * Model requests over undici's dispatcher, half of what Node's own client costs: for processes that answer many. It behaves
 * as `httpTransport` does: connections are kept alive; a request that met one already closed is sent once more, over a
 * new one; a redirect is an error, and never followed.
 */
export function undiciTransport(): Transport {
  const unused = new Map<string, Client[]>();
  const target = createTargets();
  return {
    send(url, request) {
      const { origin, path } = target(url);
      const kept = unused.get(origin) ?? [];
      unused.set(origin, kept);
      return send({ origin, path, request, kept, client: kept.pop() });
    },
  };
}

interface Sending {
  readonly origin: string;
  readonly path: string;
  readonly request: UpstreamRequest;
  /** Where the connection waits for the next request. */
  readonly kept: Client[];
  /** One that was used before; else a new one is made. */
  readonly client: Client | undefined;
}

function send(sending: Sending): Promise<UpstreamAnswer> {
  const { origin, path, request, kept } = sending;
  const { method, headers, body, signal } = request;
  const client = sending.client ?? new Client(origin, OPTIONS);
  return new Promise((resolve, reject) => {
    // The connection serves nothing else: it ends with the request.
    const abort = (): void => void client.destroy(new Error("the request was called off"));
    const done = (): void => signal.removeEventListener("abort", abort);
    signal.addEventListener("abort", abort, { once: true });
    const fail = (cause: Error): void => {
      done();
      const isStale = sending.client !== undefined && "code" in cause && CLOSED.has(cause.code);
      if (isStale && !signal.aborted) resolve(send({ ...sending, client: undefined }));
      else reject(cause);
    };
    const end = (): void => {
      done();
      if (kept.length < MOST_UNUSED) kept.push(client);
      else void client.close();
    };
    client.dispatch({ path, method, headers, body }, receiver({ resolve, fail, end, client }));
    if (signal.aborted) abort();
  });
}

interface Receiving {
  readonly resolve: (answer: UpstreamAnswer) => void;
  /** No answer came. */
  readonly fail: (cause: Error) => void;
  /** The answer has come to its end, or will not. */
  readonly end: () => void;
  readonly client: Client;
}

function receiver({ resolve, fail, end, client }: Receiving): Dispatcher.DispatchHandler {
  let flow: Flow | undefined;
  return {
    // Undici insists on it.
    onRequestStart() {},
    onResponseStart(controller, status, fields, statusText = "") {
      if (status < 200) return;
      const headers = plainHeaders(fields);
      if (status < 400 && status >= 300 && headers.get("location") !== null) {
        void client.destroy(new Error("the upstream redirected the request"));
        return;
      }
      flow = createFlow(controller);
      const body = WITHOUT_BODY.has(status) ? null : uncoded(flow.source, headers.get("content-encoding"));
      resolve({ status, statusText, headers, body });
    },
    onResponseData: (_, chunk) => flow?.push(chunk),
    onResponseEnd() {
      flow?.end();
      end();
    },
    onResponseError(_, cause) {
      if (flow === undefined) fail(cause);
      else flow.fail(cause);
    },
  };
}

interface Flow {
  readonly source: BodySource;
  push(chunk: Uint8Array): void;
  end(): void;
  fail(cause: Error): void;
}

/** What has come of a body and was not read yet; the connection is held back while that is much. */
function createFlow(controller: Dispatcher.DispatchController): Flow {
  const waiting: Uint8Array[] = [];
  let bytes = 0;
  let isEnded = false;
  let failure: Error | undefined;
  let wake: (() => void) | undefined;

  function take(): Chunk | undefined {
    const value = waiting.shift();
    if (value !== undefined) {
      bytes -= value.length;
      if (controller.paused && bytes < MOST_WAITING_BYTES) controller.resume();
      return { done: false, value };
    }
    if (isEnded) return { done: true };
    if (failure !== undefined) throw failure;
    return undefined;
  }

  async function wait(): Promise<Chunk> {
    for (;;) {
      await new Promise<void>((resolve) => (wake = resolve));
      const chunk = take();
      if (chunk !== undefined) return chunk;
    }
  }

  return {
    source: { read: () => take() ?? wait() },
    push(chunk) {
      waiting.push(chunk);
      bytes += chunk.length;
      if (bytes >= MOST_WAITING_BYTES) controller.pause();
      wake?.();
    },
    end() {
      isEnded = true;
      wake?.();
    },
    fail(cause) {
      failure = cause;
      wake?.();
    },
  };
}

function uncoded(source: BodySource, coding: string | null): BodySource {
  if (coding === null || coding === "identity") return source;
  return bodySource(decoded(Readable.from(chunksOf(source)), coding));
}

async function* chunksOf(source: BodySource): AsyncGenerator<Uint8Array> {
  for (let chunk = await source.read(); !chunk.done; chunk = await source.read()) yield chunk.value;
}

/** The upstream is one: its address is taken apart once. */
function createTargets(): (url: string) => { readonly origin: string; readonly path: string } {
  let last: { readonly url: string; readonly origin: string; readonly path: string } | undefined;
  return (url) => {
    if (last?.url !== url) {
      const { origin, pathname, search } = new URL(url);
      last = { url, origin, path: pathname + search };
    }
    return last;
  };
}
