import { existsSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, join, resolve } from "node:path";

type Env = Readonly<Record<string, string | undefined>>;

/** Files of which OpenCode uses one `plugin` list, the strongest file first, and the one to create if none is there. */
export interface ConfigSite {
  readonly scope: "global" | "project" | "OPENCODE_CONFIG" | "OPENCODE_CONFIG_DIR";
  readonly files: readonly string[];
  readonly create: string;
}

/** Where the plugin goes: what the environment points OpenCode at, else the person's own configuration. */
export function targetSite(scope: "default" | "global" | "project", env: Env, cwd: string): ConfigSite {
  if (scope === "project") return projectSite(projectRoot(cwd));
  if (scope === "global") return globalSite(env);
  return environmentSites(env, cwd)[0] ?? globalSite(env);
}

/** Every place that `targetSite` may ever have named for this environment and folder. */
export function allSites(env: Env, cwd: string): readonly ConfigSite[] {
  return [globalSite(env), ...environmentSites(env, cwd), ...projectFolders(cwd).map(projectSite)];
}

/**
 * The three files of the person's folder are merged key by key: of their `plugin` lists only that of the strongest
 * file counts. OpenCode itself writes to the first of them that is there.
 */
function globalSite(env: Env): ConfigSite {
  const config = env["XDG_CONFIG_HOME"] || join(env["HOME"] || homedir(), ".config");
  const folder = join(config, "opencode");
  const files = ["opencode.jsonc", "opencode.json", "config.json"].map((name) => join(folder, name));
  return { scope: "global", files, create: join(folder, "opencode.jsonc") };
}

function environmentSites(env: Env, cwd: string): ConfigSite[] {
  const file = env["OPENCODE_CONFIG"];
  const folder = env["OPENCODE_CONFIG_DIR"];
  const sites: ConfigSite[] = [];
  if (file) {
    const path = resolve(cwd, file);
    sites.push({ scope: "OPENCODE_CONFIG", files: [path], create: path });
  }
  if (folder) {
    const files = ["opencode.jsonc", "opencode.json"].map((name) => resolve(cwd, folder, name));
    sites.push({ scope: "OPENCODE_CONFIG_DIR", files, create: resolve(cwd, folder, "opencode.jsonc") });
  }
  return sites;
}

function projectSite(root: string): ConfigSite {
  const files = ["opencode.jsonc", "opencode.json"].map((name) => join(root, name));
  return { scope: "project", files, create: join(root, "opencode.json") };
}

/** The folder of the repository that holds `cwd`, or `cwd` itself. */
function projectRoot(cwd: string): string {
  return projectFolders(cwd).at(-1) ?? cwd;
}

/** From `cwd` up to the folder of its repository; outside of one, `cwd` alone. */
function projectFolders(cwd: string): string[] {
  const folders: string[] = [];
  for (let folder = cwd; ; folder = dirname(folder)) {
    folders.push(folder);
    if (existsSync(join(folder, ".git"))) return folders;
    if (dirname(folder) === folder) return [cwd];
  }
}
