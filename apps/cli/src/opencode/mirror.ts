import { copyFile, mkdir, mkdtemp, readdir, realpath, rm, stat, symlink } from "node:fs/promises";
import { homedir, tmpdir } from "node:os";
import { basename, dirname, join, parse, relative, resolve } from "node:path";
import { allSites } from "./config-files.ts";

type Env = Readonly<Record<string, string | undefined>>;

/** A throw-away copy of everything that OpenCode's configuration is made of, at the same paths below another root. */
export interface Mirror {
  readonly cwd: string;
  readonly env: Env;
  /** A path of the copy as that of the original; any other text as it is. */
  readonly original: (path: string) => string;
  remove(): Promise<void>;
}

/** What OpenCode rewrites when it reads it, and what Git takes for something else as a link. All else is linked to. */
const COPIED = new Set(["opencode.json", "opencode.jsonc", "config.json", ".gitignore", "HEAD"]);

/**
 * Copies the configuration. OpenCode creates and rewrites files even when it is only asked what it reads; in the copy
 * that changes nothing of the person's.
 */
export async function mirrorConfig(env: Env, cwd: string): Promise<Mirror> {
  const root = await realpath(await mkdtemp(join(tmpdir(), "oma-config-")));
  const at = (path: string): string => join(root, relative(parse(path).root, path));
  const home = env["HOME"] || homedir();
  const data = env["XDG_DATA_HOME"] || join(home, ".local", "share");
  await mkdir(at(cwd), { recursive: true });
  // The deepest first: a folder that is copied cannot be a link in the one above.
  const folders = configFolders(env, cwd, home);
  for (const folder of [...folders.keys()].toSorted((a, b) => b.length - a.length))
    await mirrorFolder(folder, at(folder), folders.get(folder) ?? "whole");
  await mirrorEntry(join(data, "opencode", "auth.json"), join(root, ".xdg", "data", "opencode", "auth.json"));
  const file = env["OPENCODE_CONFIG"] && resolve(cwd, env["OPENCODE_CONFIG"]);
  if (file) await mirrorFile(file, at(file));
  const folder = env["OPENCODE_CONFIG_DIR"];
  return {
    cwd: at(cwd),
    env: {
      ...env,
      HOME: at(home),
      PWD: at(cwd),
      XDG_CONFIG_HOME: at(env["XDG_CONFIG_HOME"] || join(home, ".config")),
      XDG_DATA_HOME: join(root, ".xdg", "data"),
      XDG_STATE_HOME: join(root, ".xdg", "state"),
      XDG_CACHE_HOME: join(root, ".xdg", "cache"),
      ...(file && { OPENCODE_CONFIG: at(file) }),
      ...(folder && { OPENCODE_CONFIG_DIR: at(resolve(cwd, folder)) }),
    },
    original: (path) => (path.startsWith(root) ? join(parse(cwd).root, path.slice(root.length)) : path),
    remove: () => rm(root, { recursive: true, force: true, maxRetries: 3 }),
  };
}

/** `whole`: with all that its configurations may refer to. Of the folders above a project only those count. */
type Depth = "whole" | "configs";

/** Every folder that may hold a configuration. */
function configFolders(env: Env, cwd: string, home: string): Map<string, Depth> {
  const above: string[] = [];
  for (let folder = cwd; dirname(folder) !== folder; folder = dirname(folder)) above.push(folder);
  const sites = allSites(env, cwd).flatMap(({ files }) => files.map(dirname));
  const hidden = [...above, home].map((folder) => join(folder, ".opencode"));
  return new Map<string, Depth>([
    ...above.map((folder) => [folder, "configs"] as const),
    ...[home, ...sites, ...hidden].map((folder) => [folder, "whole"] as const),
  ]);
}

async function mirrorFolder(from: string, to: string, depth: Depth): Promise<void> {
  const names = await readdir(from).catch(() => undefined);
  if (names === undefined) return;
  await mkdir(to, { recursive: true });
  for (const name of names) {
    // It marks the root of a project, as far as OpenCode looks; and it leaves a file in there.
    if (name === ".git") await mirrorGit(join(from, name), join(to, name));
    else if (depth === "whole" || COPIED.has(name)) await mirrorEntry(join(from, name), join(to, name));
  }
}

/** A folder, or a file that names one elsewhere. */
async function mirrorGit(from: string, to: string): Promise<void> {
  if ((await stat(from)).isDirectory()) await mirrorFolder(from, to, "whole");
  else await mirrorFile(from, to);
}

async function mirrorEntry(from: string, to: string): Promise<void> {
  if (COPIED.has(basename(from))) return mirrorFile(from, to);
  await mkdir(dirname(to), { recursive: true });
  // It may be there already, or links may not be allowed: then only a file that a configuration names is missing.
  await symlink(from, to).catch(() => {});
}

/** What cannot be read, OpenCode could not read either. */
async function mirrorFile(from: string, to: string): Promise<void> {
  await mkdir(dirname(to), { recursive: true });
  await rm(to, { force: true });
  await copyFile(from, to).catch(() => {});
}
