import { existsSync, globSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

import { failure, type Failure } from "@open-multi-auth/domain";
import { err, ok, type Result } from "neverthrow";

/** The package with the Codex CLI's binary for this machine is not installed; `details.looked` names it. */
export type CodexNotFound = Failure<"CODEX_NOT_FOUND", { looked: string }>;

/**
 * Finds the native binary of the `@openai/codex` this package depends on. Its JavaScript launcher is of no use: killed,
 * it leaves the binary running.
 */
export function findCodex({ platform, arch }: Pick<NodeJS.Process, "platform" | "arch"> = process): Result<
  string,
  CodexNotFound
> {
  const looked = `@openai/codex-${platform}-${arch}`;
  const [binary] = binariesOf(looked, platform === "win32" ? "codex.exe" : "codex");
  if (binary !== undefined) return ok(binary);
  return err(failure("CODEX_NOT_FOUND", `No Codex CLI for ${platform} ${arch} is installed.`, { looked }));
}

/** One folder below `vendor`, named for the target, has the programs. */
function binariesOf(name: string, file: string): string[] {
  const require = createRequire(import.meta.url);
  const siblings = createRequire(require.resolve("@openai/codex/package.json"));
  try {
    const vendor = join(dirname(siblings.resolve(`${name}/package.json`)), "vendor");
    return globSync(`*/bin/${file}`, { cwd: vendor })
      .map((path) => join(vendor, path))
      .filter((path) => existsSync(path));
  } catch {
    return [];
  }
}
