import { createServer } from "node:http";
import { connect, type AddressInfo, type Socket } from "node:net";

/** A proxy that runs. */
export interface ConnectProxy {
  /** `http://127.0.0.1:PORT`, as `HTTPS_PROXY` takes it. */
  readonly url: string;
  /** What was asked for, in turn: `CONNECT host:port`, or a method and an address. */
  asked(): readonly string[];
  close(): Promise<void>;
}

/**
 * Starts an HTTP proxy on 127.0.0.1 that tunnels. Whatever host a client names, it is led to `port` of this machine: so a
 * simulated server can stand in for a real one.
 */
export async function startConnectProxy({ port }: { readonly port: number }): Promise<ConnectProxy> {
  const asked: string[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((request, response) => {
    asked.push(`${request.method} ${request.url}`);
    // A tunnel is all that there is.
    response.writeHead(405).end();
  });
  server.on("connection", (socket: Socket) => void sockets.add(socket));
  server.on("connect", (request, client: Socket, head: Buffer) => {
    asked.push(`CONNECT ${request.url}`);
    const upstream = connect(port, "127.0.0.1", () => {
      client.write("HTTP/1.1 200 Connection Established\r\n\r\n");
      upstream.write(head);
      upstream.pipe(client).pipe(upstream);
    });
    sockets.add(upstream);
    for (const [one, other] of [
      [client, upstream],
      [upstream, client],
    ] as const)
      one.on("error", () => other.destroy()).on("close", () => other.destroy());
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject).listen(0, "127.0.0.1", resolve);
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked: () => asked,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}
