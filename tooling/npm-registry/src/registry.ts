import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { text } from "node:stream/consumers";
import { packument, readPublication, tarballPath, type Published } from "./published.ts";

/** A registry that listens. */
export interface NpmRegistry {
  readonly url: string;
  /** A line of `.npmrc` with which a client may publish here. */
  readonly login: string;
  /** What is to be had, in the order in which it came. */
  published(): readonly Published[];
  close(): Promise<void>;
}

/** Starts a registry on loopback that has these packages, takes what is published to it, and knows nothing else. */
export async function startRegistry(packages: readonly Published[] = []): Promise<NpmRegistry> {
  const all = [...packages];
  const server = createServer((request, response) => {
    // A body that is no JSON comes from a broken client, which is told so.
    answer(request, all, url).then(
      ([status, body]) => send(response, status, body),
      (error: unknown) => send(response, 400, { error: String(error) }),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  const host = `127.0.0.1:${typeof address === "object" ? address?.port : ""}`;
  const url = `http://${host}`;
  return {
    url,
    login: `//${host}/:_authToken=anybody`,
    published: () => all,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

type Answer = readonly [status: number, body: object | Buffer];

async function answer(request: IncomingMessage, all: Published[], origin: string): Promise<Answer> {
  const path = decodeURIComponent(request.url ?? "");
  if (request.method === "PUT") return publish(await text(request), all);
  const file = all.find((candidate) => tarballPath(candidate) === path);
  if (file) return [200, file.tarball];
  const versions = all.filter(({ name }) => path === `/${name}`);
  if (versions.length > 0) return [200, packument(path.slice(1), versions, origin)];
  return [404, { error: `${path} is not here` }];
}

function publish(body: string, all: Published[]): Answer {
  const publication = readPublication(body);
  if (publication === undefined) return [400, { error: "no version in it" }];
  const { name, version } = publication;
  if (all.some((one) => one.name === name && one.version === version))
    return [403, { error: `${name}@${version} is published already` }];
  all.push(publication);
  return [201, { ok: true }];
}

function send(response: ServerResponse, status: number, body: object | Buffer): void {
  if (Buffer.isBuffer(body)) {
    response.writeHead(status, { "content-type": "application/octet-stream" }).end(body);
    return;
  }
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
}
