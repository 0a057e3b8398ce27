import { spawnSync } from "node:child_process";
import {
  existsSync,
  globSync,
  mkdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  symlinkSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** The root of the workspace. */
export const ROOT = fileURLToPath(new URL("../../../", import.meta.url));

/** A package as it would be published. */
export interface Packed {
  readonly name: string;
  /** Its folder in the workspace. */
  readonly source: string;
  /** Its tarball, unpacked. */
  readonly folder: string;
  readonly manifest: {
    readonly dependencies?: Readonly<Record<string, string>>;
    readonly exports?: Readonly<Record<string, unknown>>;
    readonly bin?: Readonly<Record<string, string>>;
  };
}

/** Packs every package that is published, as `pnpm publish` would, and unpacks it under a folder. */
export function packAll(folder: string): Packed[] {
  return globSync("{packages,apps}/*/package.json", { cwd: ROOT }).flatMap((path) => {
    const { name, private: isPrivate }: { name: string; private?: boolean } = readJson(join(ROOT, path));
    return isPrivate === true ? [] : pack(name, join(ROOT, dirname(path)), folder);
  });
}

function pack(name: string, source: string, folder: string): Packed {
  if (!existsSync(join(source, "dist"))) throw new Error(`build ${name} first: pnpm build`);
  const into = join(folder, name.replace("/", "+"));
  mkdirSync(into, { recursive: true });
  run("pnpm", ["pack", "--pack-destination", into], source);
  const [tarball = ""] = globSync("*.tgz", { cwd: into });
  run("tar", ["xzf", tarball], into);
  return {
    name,
    source,
    folder: join(into, "package"),
    manifest: readJson(join(into, "package", "package.json")),
  };
}

/**
 * Puts a package with nothing but what it declares, and what that declares, into `node_modules` of a folder.
 *
 * Packages of ours come from their tarballs, others from the workspace's installation.
 */
export function installAlone(wanted: Packed, all: readonly Packed[], folder: string): void {
  const place = join(folder, "node_modules", wanted.name);
  if (existsSync(place)) return;
  mkdirSync(dirname(place), { recursive: true });
  run("cp", ["-r", wanted.folder, place], folder);
  for (const name of Object.keys(wanted.manifest.dependencies ?? {})) {
    const ours = all.find((candidate) => candidate.name === name);
    if (ours) installAlone(ours, all, folder);
    else link(realpathSync(join(wanted.source, "node_modules", name)), join(folder, "node_modules", name));
  }
}

function link(target: string, path: string): void {
  if (existsSync(path)) return;
  mkdirSync(dirname(path), { recursive: true });
  symlinkSync(target, `${path}.new`);
  renameSync(`${path}.new`, path);
}

function run(command: string, args: readonly string[], cwd: string): void {
  const { status, stdout, stderr, error } = spawnSync(command, args, { cwd, encoding: "utf8" });
  if (status !== 0)
    throw error ?? new Error(`${command} ${args[0]} ended with ${status}: ${stdout}${stderr}`);
}

const readJson = (path: string) => JSON.parse(readFileSync(path, "utf8"));
