import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { packAll, ROOT } from "../src/pack.ts";

const folder = mkdtempSync(join(tmpdir(), "oma-release-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const packed = packAll(join(folder, "packed"));
const tarball = (name: string): string => {
  const [file = ""] = globSync("*.tgz", { cwd: join(folder, "packed", name.replace("/", "+")) });
  return join(folder, "packed", name.replace("/", "+"), file);
};

/** The Node of the tools, that of the machine, and the Bun that OpenCode runs plugins in. */
function runtimes(): string[] {
  const tools = join(ROOT, "node_modules");
  const places = (process.env["PATH"] ?? "").split(delimiter).filter((place) => !place.startsWith(tools));
  const machine = places.map((place) => join(place, "node")).find((program) => existsSync(program));
  const bun = globSync(".pnpm/@oven+bun-*/node_modules/@oven/bun-*/bin/bun", { cwd: tools }).filter(
    (program) => spawnSync(join(tools, program), ["--version"]).status === 0,
  );
  return [process.execPath, machine ?? [], bun.map((program) => join(tools, program)).slice(0, 1)].flat();
}

describe("a release", () => {
  it("DOC-07: the packed CLI is installed by npm alone, without dependencies, and works on every runtime", () => {
    const project = join(folder, "person");
    mkdirSync(project);
    writeFileSync(join(project, "package.json"), '{"private":true}');
    const env = { PATH: process.env["PATH"], HOME: project, npm_config_registry: "http://127.0.0.1:9" };
    const files = [tarball("open-multi-auth"), tarball("@open-multi-auth/opencode")];
    // A registry that nobody serves: whatever had to be fetched would fail.
    execFileSync("npm", ["install", "--no-audit", "--no-fund", "--offline", ...files], { cwd: project, env });
    const program = join(project, "node_modules/open-multi-auth/dist/oma.js");
    const { version } = JSON.parse(readFileSync(join(ROOT, "apps/cli/package.json"), "utf8"));
    const tried = runtimes();
    expect(tried.length).toBeGreaterThanOrEqual(2);
    for (const runtime of tried) {
      const said = (...args: string[]): string =>
        execFileSync(runtime, [program, ...args], { cwd: project, env, encoding: "utf8" });
      expect(said("--help")).toContain(version);
      expect(JSON.parse(said("list", "--json"))).toBeDefined();
      const plugin = `import plugin from "@open-multi-auth/opencode"; console.log(typeof plugin.server, typeof plugin.id)`;
      writeFileSync(join(project, "load.mjs"), plugin);
      expect(execFileSync(runtime, ["load.mjs"], { cwd: project, env, encoding: "utf8" })).toBe(
        "function string\n",
      );
    }
    const npx = execFileSync("npx", ["--no-install", "open-multi-auth", "--help"], {
      cwd: project,
      env,
      encoding: "utf8",
    });
    expect(npx).toContain(version);
  });

  it("DOC-07: every published package says what it is, for whom, under which licence, and opens to everybody", () => {
    for (const { folder: unpacked } of packed) {
      const manifest = JSON.parse(readFileSync(join(unpacked, "package.json"), "utf8"));
      expect(manifest).toMatchObject({
        version: expect.stringMatching(/^\d+\.\d+\.\d+/),
        description: expect.stringMatching(/.{10}/),
        license: "MIT",
        type: "module",
        engines: { node: expect.any(String) },
        publishConfig: { access: "public" },
      });
      const files = globSync("*", { cwd: unpacked });
      expect(files).toEqual(expect.arrayContaining(["LICENSE", "README.md", "dist", "package.json"]));
      for (const range of Object.values<string>(manifest.dependencies ?? {})) expect(range).toMatch(/^\d/);
    }
  });
});
