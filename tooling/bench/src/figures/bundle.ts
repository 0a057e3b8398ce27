import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";

import { PLUGIN_BUNDLE } from "../rig/rig.ts";
import type { Row } from "../row.ts";

const PLUGIN_BOUND_KB = 400;
const PAGE_BOUND_KB = 60;
/** The files of the page that the built command serves. */
const PAGE = fileURLToPath(new URL("../../../../apps/cli/dist/dashboard", import.meta.url));

/** The sizes of the one file that OpenCode loads, and of all files of the page; 1 kB is 1000 bytes. */
export async function measureBundle(): Promise<readonly Row[]> {
  const { size } = await stat(PLUGIN_BUNDLE);
  const page = await compressedSizes(PAGE);
  const total = page.reduce((sum, { bytes }) => sum + bytes, 0);
  return [
    { figure: "plugin bundle", runtime: "", value: size / 1_000, unit: "kB", bound: PLUGIN_BOUND_KB },
    {
      figure: "page of the dashboard, gzip",
      runtime: "",
      value: total / 1_000,
      unit: "kB",
      bound: PAGE_BOUND_KB,
      note: page.map(({ name, bytes }) => `${name} ${(bytes / 1_000).toFixed(1)}`).join(", "),
    },
  ];
}

/** Each file as `gzip -9` leaves it, the largest first. */
async function compressedSizes(folder: string): Promise<readonly { name: string; bytes: number }[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  const sizes = await Promise.all(
    files.map(async ({ name, parentPath }) => ({
      name,
      bytes: gzipSync(await readFile(join(parentPath, name)), { level: 9 }).length,
    })),
  );
  return sizes.toSorted((a, b) => b.bytes - a.bytes);
}
