import { createRequire } from "node:module";

/** The OpenCode that this package depends on for its tests. */
export function openCodeBinary(): string {
  const near = createRequire(createRequire(import.meta.url).resolve("opencode-ai/package.json"));
  return near.resolve(`opencode-${process.platform}-${process.arch}/bin/opencode`);
}
