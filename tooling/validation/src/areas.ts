import { createHash } from "node:crypto";
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** Code whose earlier test results say nothing any more once it changed. Decisions are shared words, so they are in each. */
const AREAS: Readonly<Record<string, readonly string[]>> = {
  selection: ["packages/domain/src", "packages/scheduler/src", "packages/connector/src"],
  store: ["packages/domain/src", "packages/core-store/src"],
  API: ["packages/domain/src", "packages/loopback-api/src", "packages/gateway/src"],
  limits: ["packages/domain/src", "packages/limits-probe/src"],
};

/** What the code of each area is now. */
export type Fingerprints = Readonly<Record<string, string>>;

/** Takes the fingerprint of each area, of names and contents. */
export function fingerprints(root: string): Fingerprints {
  return Object.fromEntries(
    Object.entries(AREAS).map(([area, folders]) => [area, fingerprint(root, folders)]),
  );
}

/** The areas that are not what they were. */
export function changedAreas(before: Fingerprints, now: Fingerprints): string[] {
  return Object.keys(now).filter((area) => before[area] !== now[area]);
}

function fingerprint(root: string, folders: readonly string[]): string {
  const hash = createHash("sha256");
  for (const folder of folders) {
    const files = globSync("**/*.{ts,tsx}", { cwd: join(root, folder) }).toSorted((a, b) => (a < b ? -1 : 1));
    for (const file of files) {
      if (/\.test\.tsx?$/.test(file)) continue;
      hash
        .update(`${folder}/${file}\0`)
        .update(readFileSync(join(root, folder, file)))
        .update("\0");
    }
  }
  return hash.digest("hex");
}
