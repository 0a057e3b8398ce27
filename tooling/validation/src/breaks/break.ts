import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { TestResult } from "../outcomes/results.ts";
import type { Command } from "../stages.ts";

/** Test files of one kind, and how to run some of them. */
export interface Kind {
  readonly name: string;
  readonly files: string;
  readonly command: Command;
}

const VITEST: Command = ["node_modules/.bin/vitest", "run"];
const TEST = "{packages,apps,tooling}/*/test";

/** The cheap ones first. */
export const KINDS: readonly Kind[] = [
  {
    name: "unit",
    files: "{packages,apps,tooling}/*/src/**/*.test.{ts,tsx}",
    command: VITEST,
  },
  { name: "integration", files: `${TEST}/!(*.stress|*.failure).test.ts`, command: VITEST },
  { name: "failure", files: `${TEST}/*.failure.test.ts`, command: VITEST },
  { name: "stress", files: `${TEST}/*.stress.test.ts`, command: VITEST },
  { name: "agent", files: "tooling/e2e/agent/**/*.e2e.ts", command: VITEST },
  {
    name: "release",
    files: "tooling/validation/release/*.release.ts",
    command: VITEST,
  },
  {
    name: "web",
    files: "tooling/e2e/web/*.spec.ts",
    command: ["pnpm", "test:web:headless"],
  },
];

/** The test files of a kind under a folder in which a title carries an id. */
export function filesWith(id: string, { files }: Kind, root: string): string[] {
  const title = new RegExp(`["'\`][^"'\`]*\\b${id}\\b`);
  return globSync(files, { cwd: root, exclude: ["**/node_modules/**"] })
    .filter((path) => title.test(readFileSync(join(root, path), "utf8")))
    .toSorted((a, b) => (a < b ? -1 : 1));
}

/** Whether some of the files run what was built: those of packages work on the source. */
export const needBuild = (files: readonly string[]): boolean =>
  files.some((path) => !/^packages\/|\/src\//.test(path));

/** As many of the ids as are wanted, chosen by a seed; the same for the same seed. */
export function sample(ids: readonly string[], count: number, seed: number): string[] {
  const ranked = ids.map((id) => ({ id, rank: hash(`${seed}:${id}`) }));
  return ranked
    .toSorted((a, b) => a.rank - b.rank)
    .slice(0, count)
    .map(({ id }) => id);
}

/** FNV-1a, its bits mixed as in MurmurHash3: ids that differ in their last sign only must not rank side by side. */
function hash(text: string): number {
  let state = 0x811c9dc5;
  for (const sign of text) state = Math.imul(state ^ (sign.codePointAt(0) ?? 0), 0x01000193);
  state = Math.imul(state ^ (state >>> 16), 0x85ebca6b);
  state = Math.imul(state ^ (state >>> 13), 0xc2b2ae35);
  return (state ^ (state >>> 16)) >>> 0;
}

/** What a break did to the tests of some files: caught, missed, or more than it should, with what went red. */
export function verdictOf(id: string, results: readonly TestResult[]): string {
  const red = results.filter(({ outcome }) => outcome === "failed").map(({ title }) => title);
  if (!red.some((title) => title.includes(id))) return "missed";
  const others = red.filter((title) => !title.includes(id));
  return others.length === 0 ? "caught" : `too much: ${others.join("; ")}`;
}
