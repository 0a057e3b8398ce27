import { execFileSync, spawnSync } from "node:child_process";
import { readdirSync, statSync, writeFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { installAlone, packAll, ROOT } from "../src/pack.ts";
import { STRICT_OPTIONS } from "../src/release/strict-options.ts";
import { scanFolder } from "../src/secrets/scan-files.ts";

const folder = mkdtempSync(join(tmpdir(), "oma-packed-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const tarballs = join(folder, "packed");
const packed = packAll(tarballs);
const libraries = packed.filter(({ source }) => source.includes("/packages/"));

describe("a published package", () => {
  it("VAL-12: imports alone in a strict TypeScript project, and fails by code, message and details", () => {
    const projects = libraries.map((library) => {
      const project = join(folder, "alone", library.name);
      mkdirSync(project, { recursive: true });
      installAlone(library, packed, project);
      const entries = Object.keys(library.manifest.exports ?? {}).filter((entry) => !entry.endsWith(".json"));
      return { project, imports: entries.map((entry) => join(library.name, entry)) };
    });
    for (const { project, imports } of projects) {
      expect(imports.length).toBeGreaterThan(0);
      writeCheck(project, imports);
      const program = imports.map((name) => `await import(${JSON.stringify(name)});`).join("");
      execFileSync(process.execPath, ["--input-type=module", "-e", program], { cwd: project });
    }
    expect(tsc(projects.map(({ project }) => project))).toBe("");
  });

  it("VAL-12: a failure without a code, or a package that was not declared, would be noticed", () => {
    const project = join(folder, "noticed");
    const bad = join(project, "node_modules", "bad");
    mkdirSync(bad, { recursive: true });
    writeFileSync(
      join(bad, "package.json"),
      JSON.stringify({ name: "bad", type: "module", exports: "./index.d.ts" }),
    );
    const result = "{ _unsafeUnwrapErr(): Error; _unsafeUnwrap(): 1 }";
    writeFileSync(
      join(bad, "index.d.ts"),
      `import "undeclared";\nexport declare function go(): Promise<${result}>;\n`,
    );
    writeCheck(project, ["bad"]);
    const said = tsc([project]);
    expect(said).toContain("'\"go\"' is not assignable to type 'never'");
    expect(said).toContain("undeclared");
  });

  it("VAL-10: holds no secret", () => {
    const { files, places } = scanFolder(tarballs);
    expect(files).toBeGreaterThan(200);
    expect(places).toEqual([]);
  });

  it("VAL-09: the built oma is executable, by both of its names", () => {
    const cli = packed.find(({ name }) => name === "open-multi-auth");
    const bins = Object.entries(cli?.manifest.bin ?? {});
    expect(bins.map(([name]) => name)).toEqual(["oma", "open-multi-auth"]);
    for (const [, file] of bins) {
      const path = join(cli?.folder ?? "", file);
      expect(statSync(path).mode & 0o111).toBe(0o111);
      expect(
        execFileSync(path, ["--help"], {
          encoding: "utf8",
          env: { PATH: process.env["PATH"], HOME: folder },
        }),
      ).toContain("oma");
    }
  });
});

describe("the workspace", () => {
  it("VAL-12: has packages, apps, tooling, docs and the named files at its top, and nothing else", () => {
    const tracked = execFileSync("git", ["ls-files"], { cwd: ROOT, encoding: "utf8" });
    const top = new Set(
      tracked
        .split("\n")
        .filter(Boolean)
        .map((path) => path.split("/")[0]),
    );
    const visible = [...top].filter((name) => name?.startsWith(".") === false);
    expect(new Set(visible)).toEqual(
      new Set([
        "CONTRIBUTING.md",
        "LICENSE",
        "README.md",
        "SECURITY.md",
        "TEST_EXECUTION_PLAN.md",
        "apps",
        "docs",
        "knip.json",
        "package.json",
        "packages",
        "pnpm-lock.yaml",
        "pnpm-workspace.yaml",
        "tooling",
        "turbo.json",
        "vitest.config.ts",
      ]),
    );
    const folders = readdirSync(join(ROOT, "packages"), { withFileTypes: true }).filter((one) =>
      one.isDirectory(),
    );
    expect(libraries).toHaveLength(folders.length);
  });
});

/** Every error that a function of a package can return must be a failure of ours. */
const CHECK = `
interface Failed { readonly code: string; readonly message: string; readonly details: object }
type Errors<F> = F extends (...args: never[]) => infer R ? OfResult<Awaited<R>> : never;
type OfResult<R> = R extends { _unsafeUnwrapErr(config?: never): infer E } ? E : never;
type Odd<Api> = { [K in keyof Api]: [Errors<Api[K]>] extends [Failed] ? never : K }[keyof Api];
`;

function writeCheck(project: string, names: readonly string[]): void {
  const imports = names.map((name, index) => `import * as api${index} from "${name}";`);
  const checks = names.map(
    (_, index) => `export const odd${index}: never = null as unknown as Odd<typeof api${index}>;`,
  );
  writeFileSync(join(project, "check.ts"), [...imports, CHECK, ...checks].join("\n"));
  writeFileSync(join(project, "package.json"), JSON.stringify({ private: true, type: "module" }));
}

/** Each file finds what stands beside it only, so one program checks all projects. */
function tsc(projects: readonly string[]): string {
  const types = mkdtempSync(join(folder, "types-"));
  symlinkSync(join(ROOT, "tooling/validation/node_modules/@types/node"), join(types, "node"));
  const compilerOptions = { ...STRICT_OPTIONS, typeRoots: [types], noEmit: true };
  const files = projects.map((project) => join(project, "check.ts"));
  const config = join(types, "tsconfig.json");
  writeFileSync(config, JSON.stringify({ compilerOptions, files }));
  const { stdout } = spawnSync(join(ROOT, "node_modules/.bin/tsc"), ["-p", config], { encoding: "utf8" });
  return stdout;
}
