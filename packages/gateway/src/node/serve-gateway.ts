import { failure, type Failure } from "@open-multi-auth/domain";
import { err, ok, ResultAsync, type Result } from "neverthrow";
import { createServer, type Server, type ServerResponse } from "node:http";
import type { ErrorAnswer } from "../errors.ts";
import type { GatewayDeps } from "../ports.ts";
import { exchange, type Door } from "./exchange.ts";
import { createKeyCheck } from "./keys.ts";
import { sendError } from "./send.ts";

/** A gateway that listens. */
export interface Gateway {
  readonly port: number;
  /** `http://127.0.0.1:PORT` */
  readonly url: string;
  /** Takes no more requests, gives those under way a moment to end, and ends. */
  close(): Promise<void>;
}

/** What {@link serveGateway} may be told beyond its parts. */
export interface GatewayOptions {
  /** 0: any free one. */
  readonly port: number;
  /** Told of what is broken here; the gateway lives on. */
  readonly onProblem: (problem: Failure) => void;
}

export type GatewayError =
  /** Another program listens there; end it or choose another port. */
  | Failure<"PORT_TAKEN", { port: number; fix: string }>
  /** The system does not let this program listen there. */
  | Failure<"LISTEN_REFUSED", { port: number; fix: string }>;

const FAULT: ErrorAnswer = {
  status: 500,
  code: "INTERNAL_ERROR",
  message: "a fault of the gateway, which tells of it where it was started",
};

/** A head that takes longer is no client of ours. */
const HEAD_MS = 10_000;
/** A connection that clients may think is still there. */
const KEEP_ALIVE_MS = 120_000;
const ENDING_MS = 2_000;
const SWEEP_MS = 50;

/**
 * Opens the gateway on 127.0.0.1, and nowhere else.
 *
 * @returns the gateway once it listens, `PORT_TAKEN` or `LISTEN_REFUSED`
 */
export function serveGateway(deps: GatewayDeps, options: GatewayOptions): ResultAsync<Gateway, GatewayError> {
  return new ResultAsync(open(deps, options));
}

async function open(
  deps: GatewayDeps,
  { port, onProblem }: GatewayOptions,
): Promise<Result<Gateway, GatewayError>> {
  const server = createServer({ keepAliveTimeout: KEEP_ALIVE_MS, headersTimeout: HEAD_MS, noDelay: true });
  const listening = await listen(server, port);
  if (listening.isErr()) return err(listening.error);
  const door: Door = { ...deps, port: listening.value, hasKey: createKeyCheck(deps.keyDigests) };
  server.on("request", (request, response) => {
    // One that waits for the answer before it on its connection is not told by Node 20 that its client has left.
    if (response.socket === null) request.socket.once("close", () => leave(response));
    exchange(request, response, door).catch((cause: unknown) => {
      // A client that went away, and an answer that broke off, are nothing that is broken here: the client sees its end.
      if (response.destroyed || response.headersSent) response.socket?.destroySoon();
      else {
        onProblem(failure("INTERNAL_ERROR", "a request met a fault of the gateway", {}, cause));
        sendError(response, FAULT);
      }
    });
  });
  return ok({ port: door.port, url: `http://127.0.0.1:${door.port}`, close: () => close(server) });
}

function leave(response: ServerResponse): void {
  if (!response.writableFinished) response.destroy().emit("close");
}

function listen(server: Server, port: number): Promise<Result<number, GatewayError>> {
  return new Promise((resolve) => {
    server.once("error", ({ code }: NodeJS.ErrnoException) => resolve(err(refused(port, code))));
    server.listen(port, "127.0.0.1", () => {
      const address = server.address();
      resolve(ok(typeof address === "object" && address !== null ? address.port : port));
    });
  });
}

function refused(port: number, code: string | undefined): GatewayError {
  const fix = "choose another port with --port, and give it to the clients too";
  return code === "EADDRINUSE"
    ? failure("PORT_TAKEN", `another program listens on port ${port}`, { port, fix })
    : failure("LISTEN_REFUSED", `the system refuses port ${port} (${code})`, { port, fix });
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    const deadline = setTimeout(() => server.closeAllConnections(), ENDING_MS);
    // A connection whose answer has ended would wait for the next request.
    const sweep = setInterval(() => server.closeIdleConnections(), SWEEP_MS);
    server.close(() => {
      clearTimeout(deadline);
      clearInterval(sweep);
      resolve();
    });
  });
}
