import { spawn } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { mkdir, mkdtemp, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { failure, messageOf, type Failure } from "@open-multi-auth/domain";
import { errAsync, okAsync, ResultAsync } from "neverthrow";

/** The OpenCode that the demo runs; a later one may ask for other switches to stay off the network. */
export const OPENCODE_VERSION = "1.18.33";

/** OpenCode could not be fetched from the registry, or has no build for this machine. */
export type OpenCodeUnavailable = Failure<"OPENCODE_UNAVAILABLE", { version: string; platform: string }>;

interface Deps {
  /** Where binaries are kept between runs. */
  readonly cache: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Shows that something long is going on. */
  readonly progress: (line: string) => void;
}

/** The binary, from the cache or, the first time, from the npm registry. */
export function openCodeBinary({ cache, env, progress }: Deps): ResultAsync<string, OpenCodeUnavailable> {
  const folder = join(cache, `opencode-${OPENCODE_VERSION}`);
  const cached = findBinary(folder);
  if (cached !== undefined) return okAsync(cached);
  progress(`fetching OpenCode ${OPENCODE_VERSION} from the npm registry (once, about 100 MB) …`);
  return ResultAsync.fromPromise(install(folder, env), (thrown) => unavailable(messageOf(thrown))).andThen(
    () => {
      const binary = findBinary(folder);
      return binary === undefined
        ? errAsync(unavailable("it has no build for this machine"))
        : okAsync(binary);
    },
  );
}

/** Installs beside the folder and renames, so that a half-fetched one is never taken for whole. */
async function install(folder: string, env: Deps["env"]): Promise<void> {
  await mkdir(dirname(folder), { recursive: true });
  const temporary = await mkdtemp(`${folder}.part-`);
  try {
    await npmInstall(temporary, env);
    await rm(folder, { recursive: true, force: true });
    await rename(temporary, folder);
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
}

function npmInstall(prefix: string, env: Deps["env"]): Promise<void> {
  // Its install script only links the right binary, which findBinary does as well.
  const args = [
    "install",
    "--prefix",
    prefix,
    "--ignore-scripts",
    "--no-audit",
    "--no-fund",
    "--loglevel=error",
  ];
  const npm = spawn("npm", [...args, `opencode-ai@${OPENCODE_VERSION}`], {
    env,
    stdio: ["ignore", "ignore", "pipe"],
    shell: process.platform === "win32",
  });
  let errors = "";
  npm.stderr.setEncoding("utf8").on("data", (text: string) => (errors += text));
  const { promise, resolve, reject } = withResolvers();
  npm.on("error", reject);
  npm.on("close", (code) =>
    code === 0 ? resolve() : reject(new Error(errors.trim() || `npm ended with ${code}`)),
  );
  return promise;
}

function findBinary(folder: string): string | undefined {
  const system = process.platform === "win32" ? "windows" : process.platform;
  const name = `opencode-${system}-${process.arch}`;
  const file = process.platform === "win32" ? "opencode.exe" : "opencode";
  const builds = process.arch !== "x64" ? [""] : hasAvx2() ? ["", "-baseline"] : ["-baseline"];
  return builds
    .flatMap((build) => [`${name}${build}`, `${name}${build}-musl`])
    .map((candidate) => join(folder, "node_modules", candidate, "bin", file))
    .find((path) => existsSync(path));
}

/** Only Linux tells it in a file; elsewhere the baseline build, which runs on every CPU, is taken. */
function hasAvx2(): boolean {
  return process.platform === "linux" && /\bavx2\b/.test(readFileSync("/proc/cpuinfo", "utf8"));
}

function unavailable(why: string): OpenCodeUnavailable {
  const platform = `${process.platform} ${process.arch}`;
  return failure(
    "OPENCODE_UNAVAILABLE",
    `OpenCode ${OPENCODE_VERSION} cannot be had for ${platform}: ${why}`,
    {
      version: OPENCODE_VERSION,
      platform,
    },
  );
}

function withResolvers(): { promise: Promise<void>; resolve: () => void; reject: (error: Error) => void } {
  let resolve!: () => void;
  let reject!: (error: Error) => void;
  const promise = new Promise<void>((onDone, onError) => {
    resolve = onDone;
    reject = onError;
  });
  return { promise, resolve, reject };
}
