import { failure, type Failure } from "@open-multi-auth/domain";
import { err, ok, type Result } from "neverthrow";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { loopbackHost, type HostRefused } from "./loopback-host.ts";

/** Every port that was tried is held by other programs. */
export type PortsTaken = Failure<"PORTS_TAKEN", { first: number; last: number; fix: string }>;
/** The system does not let this program listen there. */
export type ListenRefused = Failure<"LISTEN_REFUSED", { port: number; errno: string; fix: string }>;
export type ListenError = HostRefused | PortsTaken | ListenRefused;

/** A socket that waits for requests. */
export interface Listening {
  readonly port: number;
  /** As `127.0.0.1:3434`. */
  readonly authority: string;
  /** Ports that would have been preferred, and are held by other programs. */
  readonly passedOver: readonly number[];
  /** Who answers the requests; until then they wait. */
  handle(listener: (request: IncomingMessage, response: ServerResponse) => void): void;
  /** Stops listening and cuts every connection. */
  close(): Promise<void>;
}

/** Ports after the first that are tried. */
const MORE_PORTS = 20;
/** Who sends slower, or more, is cut off. */
const LIMITS = {
  headersTimeout: 10_000,
  requestTimeout: 60_000,
  maxHeaderSize: 16_384,
  keepAliveTimeout: 5_000,
};
const MOST_CONNECTIONS = 256;
const MOST_HEADERS = 100;

/**
 * Listens on loopback, at this port or, where another program has it, at the next free one. Nothing is listened to before
 * the host is known to be loopback.
 *
 * @param port 0 takes any
 */
export async function listen({
  host,
  port,
}: {
  readonly host: string;
  readonly port: number;
}): Promise<Result<Listening, ListenError>> {
  const loopback = loopbackHost(host);
  if (loopback.isErr()) return err(loopback.error);
  const { address, name } = loopback.value;
  const passedOver: number[] = [];
  const last = port === 0 ? 0 : Math.min(port + MORE_PORTS, 65_535);
  for (let tried = port; tried <= last; tried++) {
    const server = createServer(LIMITS);
    server.maxConnections = MOST_CONNECTIONS;
    server.maxHeadersCount = MOST_HEADERS;
    const bound = await bind(server, tried, address);
    if (typeof bound === "number") {
      return ok(listening(server, { name, port: bound, passedOver }));
    }
    if (bound !== "EADDRINUSE") return err(refused(tried, bound));
    passedOver.push(tried);
  }
  const fix = "end the programs that hold them, or name another port with --port";
  return err(
    failure("PORTS_TAKEN", `the ports ${port} to ${last} are held by other programs`, {
      first: port,
      last,
      fix,
    }),
  );
}

function listening(
  server: Server,
  { name, ...at }: { readonly name: string; readonly port: number; readonly passedOver: readonly number[] },
): Listening {
  return {
    ...at,
    authority: `${name}:${at.port}`,
    handle: (listener) => void server.on("request", listener),
    close: () => ended(server),
  };
}

/** @returns the port, or the system's reason */
function bind(server: Server, port: number, address: string): Promise<number | string> {
  return new Promise((resolve) => {
    server.once("error", ({ code = "unknown" }: NodeJS.ErrnoException) => resolve(code));
    server.listen({ port, host: address, exclusive: true }, () => {
      const at = server.address();
      resolve(typeof at === "object" && at !== null ? at.port : "unknown");
    });
  });
}

function ended(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}

function refused(port: number, errno: string): ListenRefused {
  const fix = "name another port with --port";
  return failure("LISTEN_REFUSED", `the system refuses port ${port} (${errno})`, { port, errno, fix });
}
