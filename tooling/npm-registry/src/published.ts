import { createHash } from "node:crypto";

/** One version of a package, as it was packed. */
export interface Published {
  readonly name: string;
  readonly version: string;
  /** Its package.json. */
  readonly manifest: Readonly<Record<string, unknown>>;
  readonly tarball: Buffer;
}

/** Where a registry has the tarball of a version. */
export const tarballPath = ({ name, version }: Published): string =>
  `/${name}/-/${name.split("/").at(-1)}-${version}.tgz`;

/** What a registry answers when it is asked for a package: every version of it, the last one as the latest. */
export function packument(name: string, versions: readonly Published[], origin: string): object {
  const entries = versions.map((published) => {
    const { version, manifest, tarball } = published;
    const integrity = `sha512-${createHash("sha512").update(tarball).digest("base64")}`;
    const dist = { tarball: `${origin}${tarballPath(published)}`, integrity };
    return [version, { ...manifest, name, version, dist }] as const;
  });
  return {
    name,
    "dist-tags": { latest: versions.at(-1)?.version },
    versions: Object.fromEntries(entries),
  };
}

/** What a client sends to publish one version; other forms than that of npm and pnpm are refused by `undefined`. */
export function readPublication(body: string): Published | undefined {
  const { name, versions = {}, _attachments = {} } = JSON.parse(body) as Publication;
  const [manifest] = Object.values(versions);
  const [attachment] = Object.values(_attachments);
  if (name === undefined || manifest === undefined || attachment === undefined) return undefined;
  return { name, version: manifest.version, manifest, tarball: Buffer.from(attachment.data, "base64") };
}

interface Publication {
  readonly name?: string;
  readonly versions?: Readonly<Record<string, { readonly version: string }>>;
  readonly _attachments?: Readonly<Record<string, { readonly data: string }>>;
}
