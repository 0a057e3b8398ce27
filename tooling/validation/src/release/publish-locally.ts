import { execFile } from "node:child_process";
import { globSync, readFileSync, realpathSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { packFolder, startRegistry, type NpmRegistry, type Published } from "@open-multi-auth/npm-registry";
import { ROOT } from "../pack.ts";

/** Starts a registry on loopback that has `others`, and publishes every package of ours to it. */
export async function publishLocally(
  folder: string,
  others: readonly Published[] = [],
): Promise<NpmRegistry> {
  const registry = await startRegistry(others);
  const userconfig = join(folder, "publish.npmrc");
  writeFileSync(userconfig, `${registry.login}\n`);
  // The registry is named as an argument and no login of the person is in reach: nothing gets published elsewhere.
  const args = ["--recursive", "publish", "--no-git-checks", "--registry", registry.url];
  const env = { PATH: process.env["PATH"], HOME: folder, npm_config_userconfig: userconfig };
  await promisify(execFile)("pnpm", args, { cwd: ROOT, env });
  return registry;
}

/** What our published packages depend on, and what that depends on, as it is installed in the workspace. */
export function installedDependencies(): Published[] {
  const folders = new Set<string>();
  for (const path of globSync("{packages,apps}/*/package.json", { cwd: ROOT }))
    collect(join(ROOT, dirname(path)), join(ROOT, dirname(path), "node_modules"), folders);
  return [...folders].map((folder) => packFolder(folder));
}

/** Follows the dependencies of a package; `modules` is where they are installed. */
function collect(folder: string, modules: string, found: Set<string>): void {
  const manifest: Manifest = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  if (manifest.private === true) return;
  for (const [name, range] of Object.entries(manifest.dependencies ?? {})) {
    if (range.startsWith("workspace:")) continue;
    const dependency = realpathSync(join(modules, name));
    if (found.has(dependency)) continue;
    found.add(dependency);
    // pnpm puts what a package depends on beside it.
    collect(dependency, dependency.slice(0, dependency.lastIndexOf(name)), found);
  }
}

interface Manifest {
  readonly private?: boolean;
  readonly dependencies?: Readonly<Record<string, string>>;
}
