import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

import { failure, type Failure } from "@open-multi-auth/domain";
import { err, ok, type Result } from "neverthrow";

/** No package with an OpenCode binary for this machine is installed; `details.looked` names those tried. */
export type OpenCodeNotFound = Failure<"OPENCODE_NOT_FOUND", { looked: readonly string[] }>;

/** What decides which of OpenCode's binaries runs here. */
export interface Machine {
  readonly platform: string;
  readonly arch: string;
  readonly avx2: boolean;
}

/**
 * Finds the binary of the `opencode-ai` this package depends on. Its postinstall, which would link the right
 * one, is not run.
 */
export function findOpenCode(machine: Machine = thisMachine()): Result<string, OpenCodeNotFound> {
  const looked = binaryPackages(machine);
  const file = machine.platform === "win32" ? "opencode.exe" : "opencode";
  const require = createRequire(import.meta.url);
  const siblings = createRequire(require.resolve("opencode-ai/package.json"));
  for (const name of looked) {
    const folder = packageFolder(siblings, name);
    if (folder !== undefined && existsSync(join(folder, "bin", file))) return ok(join(folder, "bin", file));
  }
  return err(
    failure("OPENCODE_NOT_FOUND", `No OpenCode for ${machine.platform} ${machine.arch} is installed.`, {
      looked,
    }),
  );
}

/** The packages that may hold the binary, best first: without AVX2 only a baseline build starts on x64. */
export function binaryPackages({ platform, arch, avx2 }: Machine): readonly string[] {
  const base = `opencode-${platform === "win32" ? "windows" : platform}-${arch}`;
  const builds = arch !== "x64" ? [""] : avx2 ? ["", "-baseline"] : ["-baseline"];
  // The package manager installs only what fits the C library, so at most one of the two is there.
  const libraries = platform === "linux" ? ["", "-musl"] : [""];
  return builds.flatMap((build) => libraries.map((library) => `${base}${build}${library}`));
}

function thisMachine(): Machine {
  const { platform, arch } = process;
  return { platform, arch, avx2: platform === "linux" && hasAvx2() };
}

/** Elsewhere than on Linux the question costs a process, and the baseline build runs on every CPU. */
function hasAvx2(): boolean {
  return /\bavx2\b/u.test(readFileSync("/proc/cpuinfo", "utf8"));
}

function packageFolder(require: NodeJS.Require, name: string): string | undefined {
  try {
    return dirname(require.resolve(`${name}/package.json`));
  } catch {
    return undefined;
  }
}
