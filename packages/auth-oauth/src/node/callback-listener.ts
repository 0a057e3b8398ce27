import { failure, type Failure } from "@open-multi-auth/domain";
import { err, ok, ResultAsync, type Result } from "neverthrow";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { Timers } from "../ports.ts";
import { callbackPage, PAGE_HEADERS } from "./callback-page.ts";
import { CALLBACK_PATH, decideCallback, pagePath, type CallbackOutcome } from "./callback-request.ts";
import { errnoOf } from "./auth-file-text.ts";

/** Every port that may be listened on is held by something else, or may not be used. */
export type RedirectPortsTaken = Failure<"REDIRECT_PORTS_TAKEN", { ports: readonly number[] }>;

/** Waits on loopback for the browser to come back from a sign-in. */
export interface CallbackListener {
  readonly port: number;
  readonly redirectUri: string;
  /** Lets go of the port, once a page that a browser was sent to has been fetched, or was not for three seconds. */
  close(): Promise<void>;
}

/** Where to listen, and who judges what comes. */
export interface CallbackWish {
  /** In the order of preference: those that the upstream redirects to. */
  readonly ports: readonly number[];
  readonly timers: Pick<Timers, "after">;
  /** Judges one callback. It may be called again before it has ended, and must never reject. */
  readonly onCallback: (parameters: URLSearchParams) => Promise<CallbackOutcome>;
}

const PAGE_WAIT_MS = 3_000;
/** A browser's request is small and comes at once. */
const LIMITS = {
  maxHeaderSize: 16_384,
  headersTimeout: 3_000,
  requestTimeout: 3_000,
  connectionsCheckingInterval: 500,
};

/**
 * Listens on the first of the ports that is free, on 127.0.0.1 and, where the machine has it, ::1: a browser may take
 * either for `localhost`, and on one that is held by another program that would get the code. Nothing else is
 * asked to leave. It keeps no process alive.
 */
export function listenForCallback(wish: CallbackWish): ResultAsync<CallbackListener, RedirectPortsTaken> {
  return new ResultAsync(listen(wish));
}

async function listen(wish: CallbackWish): Promise<Result<CallbackListener, RedirectPortsTaken>> {
  const { ports } = wish;
  for (const port of ports) {
    const waiting = createWaiting(port, wish);
    const servers = await bind(port, waiting.handle);
    if (servers === undefined) continue;
    return ok({
      port,
      redirectUri: `http://localhost:${port}${CALLBACK_PATH}`,
      async close() {
        await waiting.fetched();
        await Promise.all(servers.map(stop));
      },
    });
  }
  const message = `no port to come back to after the sign-in is free: ${ports.join(", ")}`;
  return err(failure("REDIRECT_PORTS_TAKEN", message, { ports }));
}

type Handle = (request: IncomingMessage, response: ServerResponse) => void;

interface Waiting {
  readonly handle: Handle;
  /** Resolves when no browser is on its way to a page. */
  readonly fetched: () => Promise<unknown>;
}

/** A page that a browser was sent to. */
interface Owed {
  readonly outcome: CallbackOutcome;
  readonly paid: () => void;
}

function createWaiting(port: number, { onCallback, timers }: CallbackWish): Waiting {
  const owed = new Set<Owed>();
  const underWay = new Set<Promise<void>>();

  const page = (outcome: CallbackOutcome): Promise<void> =>
    new Promise((resolve) => {
      const debt = { outcome, paid: () => (cancel(), owed.delete(debt), resolve()) };
      const cancel = timers.after(PAGE_WAIT_MS, debt.paid);
      owed.add(debt);
    });
  const answer = async (parameters: URLSearchParams, response: ServerResponse): Promise<void> => {
    const outcome = await onCallback(parameters);
    // A code must not stay in the address, nor in the history: how it went is told by another page.
    response.writeHead(303, { ...PAGE_HEADERS, location: pagePath(outcome) }).end();
    await page(outcome);
  };

  return {
    fetched: () => Promise.all(underWay),
    handle({ method = "", url = "", headers, socket }, response) {
      const decision = decideCallback({ method, url, host: headers.host, peer: socket.remoteAddress }, port);
      if (decision.kind === "refuse") {
        response.writeHead(decision.status, PAGE_HEADERS).end();
      } else if (decision.kind === "page") {
        const { outcome } = decision;
        const { status, html } = callbackPage(outcome);
        const debt = [...owed].find((candidate) => candidate.outcome === outcome);
        response.writeHead(status, PAGE_HEADERS).end(html, debt?.paid);
      } else {
        const answering = answer(decision.parameters, response)
          .catch(() => void response.destroy())
          .finally(() => underWay.delete(answering));
        underWay.add(answering);
      }
    },
  };
}

/** Both families, or neither: undefined where one of them is held by another program. */
async function bind(port: number, handle: Handle): Promise<Server[] | undefined> {
  const four = await open("127.0.0.1", port, handle);
  if (typeof four === "string") return undefined;
  const six = await open("::1", port, handle);
  if (typeof six !== "string") return [four, six];
  if (six !== "EADDRINUSE" && six !== "EACCES") return [four];
  await stop(four);
  return undefined;
}

/** The server, or the system's word for why not. */
function open(host: string, port: number, handle: Handle): Promise<Server | string> {
  const server = createServer(LIMITS, handle);
  server.maxConnections = 32;
  return new Promise((resolve) => {
    server.on("error", (thrown) => resolve(errnoOf(thrown)));
    server.listen({ host, port, exclusive: true }, () => resolve(server.unref()));
  });
}

function stop(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
