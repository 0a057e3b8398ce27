import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, globSync, mkdirSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { ROOT } from "../pack.ts";

/** A program that runs JavaScript, as a person may have it. */
export interface Runtime {
  readonly label: string;
  readonly program: string;
}

const TOOLS = join(ROOT, "node_modules");
/** Folders of programs that are the machine's, not ours. */
const MACHINE = (process.env["PATH"] ?? "").split(delimiter).filter((place) => !place.startsWith(TOOLS));

/** The Node of the tools, that of the machine, and the Bun that OpenCode runs plugins in. */
export function installedRuntimes(): Runtime[] {
  const machine = MACHINE.map((place) => join(place, "node")).find((program) => existsSync(program));
  return [toolchainNode(), ...(machine ? [labelled("node", machine)] : []), bun()];
}

/** The Node that runs the tools. */
export const toolchainNode = (): Runtime => labelled("node", process.execPath);

/** The Bun of the workspace. */
export function bun(): Runtime {
  const builds = globSync(".pnpm/@oven+bun-*/node_modules/@oven/bun-*/bin/bun", { cwd: TOOLS });
  // Where there are several builds, only those for this processor start.
  const program = builds
    .map((path) => join(TOOLS, path))
    .find((path) => spawnSync(path, ["--version"]).status === 0);
  if (program === undefined) throw new Error("no Bun is installed: pnpm install");
  return labelled("bun", program);
}

/** A Node of this version from the npm registry, kept for the next time. */
export function fetchNode(version: string): Runtime {
  // Packages of one platform hold the program itself, so no script has to run.
  const name = `node-${process.platform}-${process.arch}`;
  const folder = join(TOOLS, ".cache", "open-multi-auth", `node-${version}`);
  const program = join(folder, "node_modules", name, "bin", "node");
  if (!existsSync(program)) {
    mkdirSync(folder, { recursive: true });
    const args = ["install", "--no-save", "--no-audit", "--no-fund", "--prefix", folder];
    execFileSync("npm", [...args, `${name}@${version}`], { stdio: ["ignore", "ignore", "inherit"] });
  }
  return labelled("node", program);
}

/** A search path on which this runtime comes first, and npm after it. */
export function searchPath({ program }: Runtime): string {
  const npm = MACHINE.filter((place) => existsSync(join(place, "npm")));
  return [dirname(program), ...npm, "/usr/bin", "/bin"].join(delimiter);
}

function labelled(name: string, program: string): Runtime {
  const version = execFileSync(program, ["--version"], { encoding: "utf8" }).trim();
  return { label: `${name} ${version.replace("v", "")}`, program };
}
