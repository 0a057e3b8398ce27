import { execFileSync } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import type { Published } from "./published.ts";

/** Packs a folder with a package.json as it is, without what is installed below it and without running its scripts. */
export function packFolder(folder: string): Published {
  const work = mkdtempSync(join(tmpdir(), "oma-pack-"));
  try {
    const filter = (path: string): boolean => relative(folder, path).split("/")[0] !== "node_modules";
    cpSync(folder, join(work, "package"), { recursive: true, dereference: true, filter });
    execFileSync("tar", ["czf", "package.tgz", "package"], { cwd: work });
    const manifest = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
    return {
      name: manifest.name,
      version: manifest.version,
      manifest,
      tarball: readFileSync(join(work, "package.tgz")),
    };
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}
