import type { Pool } from "@open-multi-auth/runtime-node";
import { readdir, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { failed, fine, warning, type Finding } from "./check.ts";

/** Whether the store was whole when it was opened, and whether others can read it. */
export async function checkStore({ report, paths }: Pool): Promise<Finding[]> {
  const { storeFile, folder } = paths;
  return [
    report.kind === "restored"
      ? warning(
          "store",
          `${storeFile} was not valid${report.evidence === undefined ? "" : ` and was kept as ${report.evidence}`}`,
          "check with `oma list` that every account is there; `oma import` links missing ones again",
        )
      : fine("store", storeFile),
    await checkModes(folder, storeFile),
    await checkQuarantine(join(dirname(storeFile), "quarantine")),
  ];
}

async function checkModes(folder: string, file: string): Promise<Finding> {
  for (const path of [folder, file]) {
    const mode = await modeOf(path);
    if (mode !== undefined && (mode & 0o077) !== 0) {
      return failed("permissions", `others can read ${path}`, `run \`chmod go= ${path}\``);
    }
  }
  return fine("permissions", "only you can read the store");
}

/** Windows has no such modes; its folders below the home folder belong to the person. */
async function modeOf(path: string): Promise<number | undefined> {
  if (process.platform === "win32") return undefined;
  return stat(path).then(
    ({ mode }) => mode,
    () => undefined,
  );
}

async function checkQuarantine(folder: string): Promise<Finding> {
  const names = await readdir(folder).catch((): string[] => []);
  return names.length === 0
    ? fine("quarantine", "no broken account was set aside")
    : warning(
        "quarantine",
        `${names.length} broken account(s) were set aside in ${folder}`,
        "link them again with `oma import`, then delete these files",
      );
}
