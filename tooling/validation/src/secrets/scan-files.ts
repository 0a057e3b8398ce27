import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { scanText, type Finding } from "./scan.ts";

/** Where in which file. */
export interface Place extends Finding {
  readonly file: string;
}

/** Scans every file under a folder; `files` says how many were read. */
export function scanFolder(folder: string): { readonly files: number; readonly places: Place[] } {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
  return { files: files.length, places: files.flatMap((file) => scanFile(file, relative(folder, file))) };
}

/** Scans one file; binary ones as bytes. */
export function scanFile(path: string, name = path): Place[] {
  return scanText(readFileSync(path, "latin1")).map((finding) => ({ file: name, ...finding }));
}
