import { createHash } from "node:crypto";
import { createServer } from "node:http";

/** One version of a package, as it was packed. */
export interface Published {
  readonly version: string;
  readonly manifest: Readonly<Record<string, unknown>>;
  readonly tarball: Buffer;
}

/** Starts a registry on loopback that has one package in a few versions, and nothing else. */
export async function startRegistry(
  name: string,
  versions: readonly Published[],
): Promise<{ url: string; close(): Promise<void> }> {
  const server = createServer((request, response) => {
    const file = versions.find(({ version }) => request.url === `/${name}/-/${name}-${version}.tgz`);
    if (file) {
      response.end(file.tarball);
      return;
    }
    if (request.url !== `/${name}`) {
      response.writeHead(404).end("{}");
      return;
    }
    const entries = versions.map(({ version, manifest, tarball }) => {
      const integrity = `sha512-${createHash("sha512").update(tarball).digest("base64")}`;
      const dist = { tarball: `${url}/${name}/-/${name}-${version}.tgz`, integrity };
      return [version, { ...manifest, name, version, dist }] as const;
    });
    const latest = versions.at(-1)?.version;
    response.setHeader("content-type", "application/json");
    response.end(JSON.stringify({ name, "dist-tags": { latest }, versions: Object.fromEntries(entries) }));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  const url = `http://127.0.0.1:${typeof address === "object" ? address?.port : ""}`;
  return {
    url,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
