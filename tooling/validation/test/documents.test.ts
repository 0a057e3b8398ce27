import { existsSync, globSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { promisesIn, toldTests } from "../src/acceptance/promises.ts";
import { KINDS, type Kind } from "../src/breaks/break.ts";
import { ROOT } from "../src/pack.ts";

const read = (path: string): string => readFileSync(join(ROOT, path), "utf8");
const scripts: Record<string, string> = JSON.parse(read("package.json")).scripts;
/** What pnpm does by itself. */
const BUILT_IN: ReadonlySet<string> = new Set(["install", "exec", "turbo", "pack", "publish"]);

/** The scripts that a page tells to call: `pnpm test:unit`, or with its version by npx. */
function called(page: string): string[] {
  const all = [...page.matchAll(/\bpnpm(?:@[\d.]+)? ([a-z][\w:-]*)/g)].map(([, name = ""]) => name);
  return [...new Set(all)].filter((name) => !BUILT_IN.has(name));
}

const NAMED = [
  "lint",
  "build",
  "typecheck",
  "test",
  "test:unit",
  "test:integration",
  "test:web:headless",
  "test:failure",
  "test:stress",
  "test:recovery",
  "test:agent",
  "test:sandbox",
  "test:soak",
  "test:soak:48h",
];

/** The ids in the titles of a kind of tests. */
function idsOf({ files }: Kind): string[] {
  return globSync(files, { cwd: ROOT, exclude: ["**/node_modules/**"] }).flatMap((path) =>
    [...read(path).matchAll(/["'`][^"'`\n]*\b([A-Z]{3}-\d\d)\b[^\n]*/g)].flatMap(
      ([line]) => line.match(/\b[A-Z]{3}-\d\d\b/g) ?? [],
    ),
  );
}

describe("the scripts of the root", () => {
  it("VAL-01: are there by their names", () => {
    expect(NAMED.filter((name) => !(name in scripts))).toEqual([]);
  });

  it("DOC-02: are all in docs/TESTING.md, those of tests and checks, and it names no other", () => {
    const page = called(read("docs/TESTING.md"));
    const tests = Object.keys(scripts).filter((name) =>
      /^(?:test|lint|arch|build|typecheck|validate|slo|coverage|mutate|faults|breaks)/.test(name),
    );
    expect(tests.filter((name) => !page.includes(name))).toEqual([]);
    expect(page.filter((name) => !(name in scripts))).toEqual([]);
  });

  it("DOC-02: are in TEST_EXECUTION_PLAN.md in the order in which `test` runs them", () => {
    const plan = read("TEST_EXECUTION_PLAN.md");
    expect(called(plan).filter((name) => !(name in scripts))).toEqual([]);
    const rows = [...plan.matchAll(/^\| \w+ +\| `npx -y pnpm@[\d.]+ (?:turbo run )?([\w:-]+)`/gm)].map(
      ([, name]) => name,
    );
    const run = scripts["test"]
      ?.split(" run ")[1]
      ?.split(" ")
      .map((task) => task.replace("//#", ""));
    expect(rows).toEqual(run);
  });

  it("DOC-02: of every other document exist", () => {
    const pages = [...globSync("docs/*.md", { cwd: ROOT }), "README.md", "CONTRIBUTING.md"];
    const wrong = pages.flatMap((path) =>
      called(read(path))
        .filter((name) => !(name in scripts) && name !== "start")
        .map((name) => `${path}: pnpm ${name}`),
    );
    expect(wrong).toEqual([]);
  });
});

it("docs/acceptance.md promises every id that a test carries, and every promise is carried by a test", () => {
  const { built } = promisesIn(read("docs/acceptance.md"));
  const carried = new Set(KINDS.flatMap((kind) => idsOf(kind)));
  const areas = new Set(built.map((id) => id.slice(0, 3)));
  expect(built.length).toBeGreaterThan(150);
  expect(built.filter((id) => !carried.has(id))).toEqual([]);
  expect([...carried].filter((id) => areas.has(id.slice(0, 3)) && !built.includes(id))).toEqual([]);
});

describe("docs/QA.md", () => {
  const page = read("docs/QA.md");

  it("DOC-10: has an entry for each area, with enough tests, its command and what is next", () => {
    const told = toldTests(page);
    const { built } = promisesIn(read("docs/acceptance.md"));
    expect([...told.keys()].toSorted()).toEqual([...new Set(built.map((id) => id.slice(0, 3)))].toSorted());
    const bounds = Object.entries({ LIM: 25, ACC: 35, FRC: 30, SET: 35, ISO: 20 });
    expect(bounds.filter(([area, bound]) => (told.get(area) ?? 0) < bound)).toEqual([]);
    for (const [row] of page.matchAll(/^\| [A-Z]{3}, .*$/gm)) {
      expect(row.split(" | ")).toHaveLength(6);
      expect(row).toMatch(/`pnpm (?:test|validate)/);
    }
    expect(page).toContain("| `antigravityEnabled` | off ");
  });

  it("DOC-04: names commands of oma that there are, and a troubleshooting matrix of them", () => {
    const commands = read("apps/cli/src/commands/index.ts");
    const told = [...page.matchAll(/`oma ([a-z-]+)/g)].map(([, name]) => name);
    expect(new Set(told).size).toBeGreaterThan(6);
    expect(told.filter((name) => !commands.includes(`name: "${name}"`))).toEqual([]);
  });

  it("DOC-08: records the baseline plugin with commands, results and a date", () => {
    expect(page).toMatch(/1\.4\.3 \(commit [0-9a-f]{7}\).*, \d{4}-\d\d-\d\d:/);
    for (const said of ["status", "web --help", "web --port", "limits/refresh", "codex-soft.log"])
      expect(page).toContain(said);
  });
});

it("DOC-01: every document that a document links to is there", () => {
  const pages = [
    ...globSync("docs/**/*.md", { cwd: ROOT }),
    ...globSync("*.md", { cwd: ROOT }),
    ...globSync("{packages,apps,tooling}/*/README.md", { cwd: ROOT }),
  ];
  expect(pages.length).toBeGreaterThan(100);
  const broken = pages.flatMap((path) =>
    [...read(path).matchAll(/\]\((?!https?:|mailto:|#)([^)#\s]+)/g)]
      .filter(([, target = ""]) => !existsSync(join(ROOT, dirname(path), target)))
      .map(([, target]) => `${path}: ${target}`),
  );
  expect(broken).toEqual([]);
});
