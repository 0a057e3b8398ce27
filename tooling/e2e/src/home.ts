import { mkdir, mkdtemp, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

import { openCodeConfig, openCodeEnvironment, openCodeFolders, type OpenCodeFolders } from "./environment.ts";

/** What differs from a bare OpenCode. */
export interface OpenCodeHomeOptions {
  /** The plugin's bundled file. */
  readonly pluginPath?: string;
  /** Keys of `opencode.json`, laid over the defaults; `plugin` here replaces `pluginPath`. */
  readonly config?: Readonly<Record<string, unknown>>;
  /** Content of `auth.json`; without it there is none. */
  readonly auth?: unknown;
  /** Laid over the environment of every run. */
  readonly env?: Readonly<Record<string, string>>;
}

/** A throw-away home in which OpenCode runs as on a machine of its own. */
export interface OpenCodeHome {
  readonly folders: OpenCodeFolders;
  readonly configFile: string;
  readonly authFile: string;
  /** The whole environment of a run. */
  readonly env: Readonly<Record<string, string>>;
  /** Removes everything; runs in it must have ended. */
  dispose(): Promise<void>;
}

/** Builds a home in which OpenCode needs no network and sees nothing of the caller's machine. */
export async function createOpenCodeHome(options: OpenCodeHomeOptions = {}): Promise<OpenCodeHome> {
  const folders = openCodeFolders(await realpath(await mkdtemp(join(tmpdir(), "oma-opencode-"))));
  const configFile = join(folders.config, "opencode.json");
  const authFile = join(folders.data, "auth.json");
  const plugins = options.pluginPath === undefined ? [] : [pathToFileURL(options.pluginPath).href];
  await Promise.all([
    mkdir(folders.temp, { recursive: true }),
    mkdir(folders.data, { recursive: true }),
    createRepository(folders.work),
    seedConfigFolder(folders.config),
  ]);
  await writeFile(
    configFile,
    `${JSON.stringify({ ...openCodeConfig(plugins), ...options.config }, null, 2)}\n`,
  );
  if (options.auth !== undefined) await writeFile(authFile, JSON.stringify(options.auth), { mode: 0o600 });
  return {
    folders,
    configFile,
    authFile,
    env: { ...openCodeEnvironment(folders), ...options.env },
    dispose: () => rm(folders.home, { recursive: true, force: true, maxRetries: 3 }),
  };
}

/**
 * Creates a config folder (the global one, or a project's `.opencode`) that OpenCode takes for complete.
 * Otherwise it installs its plugin package there from the registry before it loads any plugin.
 */
export async function seedConfigFolder(folder: string): Promise<void> {
  await mkdir(join(folder, "node_modules"), { recursive: true });
  const lock = { lockfileVersion: 3, packages: { "": { dependencies: { "@opencode-ai/plugin": "*" } } } };
  await writeFile(join(folder, "package-lock.json"), JSON.stringify(lock));
}

/** The least that git takes for a repository; it is never committed to. */
async function createRepository(folder: string): Promise<void> {
  const git = join(folder, ".git");
  await Promise.all([
    mkdir(join(git, "objects"), { recursive: true }),
    mkdir(join(git, "refs"), { recursive: true }),
  ]);
  await writeFile(join(git, "HEAD"), "ref: refs/heads/main\n");
}
