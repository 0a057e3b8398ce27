import { createRequire } from "node:module";
import { dirname, join } from "node:path";

/** A JavaScript runtime that the plugin must be fast in. */
export interface Runtime {
  readonly name: "node" | "bun";
  readonly version: string;
  readonly path: string;
}

const require = createRequire(import.meta.url);
const bunManifest = require.resolve("bun/package.json");

/** The Node that runs this benchmark, and the Bun that is inside OpenCode. */
export const RUNTIMES = {
  node: { name: "node", version: process.versions.node, path: process.execPath },
  bun: {
    name: "bun",
    version: (require(bunManifest) as { version: string }).version,
    // The file has this name on every system.
    path: join(dirname(bunManifest), "bin", "bun.exe"),
  },
} as const satisfies Record<string, Runtime>;

/** As rows name it. */
export const runtimeLabel = ({ name, version }: Runtime): string => `${name} ${version}`;
