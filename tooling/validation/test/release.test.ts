import { execFileSync } from "node:child_process";
import { globSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { NpmRegistry } from "@open-multi-auth/npm-registry";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ROOT } from "../src/pack.ts";
import { createPerson } from "../src/release/person.ts";
import { publishLocally } from "../src/release/publish-locally.ts";
import { installedRuntimes, toolchainNode } from "../src/release/runtimes.ts";

/** Package managers take long on a busy machine. */
const PATIENCE_MS = 180_000;
const folder = mkdtempSync(join(tmpdir(), "oma-release-"));
let registry: NpmRegistry;
beforeAll(async () => {
  registry = await publishLocally(folder);
}, PATIENCE_MS);
afterAll(async () => {
  await registry.close();
  rmSync(folder, { recursive: true, force: true });
});

describe("a release", { timeout: PATIENCE_MS }, () => {
  it("DOC-07: what was published is installed by name from a registry, without dependencies, and works on every runtime", async () => {
    const { version } = JSON.parse(readFileSync(join(ROOT, "apps/cli/package.json"), "utf8"));
    const runtimes = installedRuntimes();
    expect(runtimes.length).toBeGreaterThanOrEqual(2);
    const person = createPerson(folder, toolchainNode(), registry.url);
    const names = ["open-multi-auth", "@open-multi-auth/opencode"];
    await person.run("npm", "install", "--no-audit", "--no-fund", ...names);
    expect(globSync("{*,@*/*}/package.json", { cwd: join(person.project, "node_modules") })).toHaveLength(2);
    person.write(
      "load.mjs",
      `import plugin from "@open-multi-auth/opencode"; console.log(typeof plugin.server, typeof plugin.id)`,
    );
    for (const { program } of runtimes) {
      const oma = join(person.project, "node_modules/open-multi-auth/dist/oma.js");
      expect(await person.run(program, oma, "--help")).toContain(version);
      expect(JSON.parse(await person.run(program, oma, "list", "--json"))).toBeDefined();
      expect(await person.run(program, "load.mjs")).toBe("function string\n");
    }
    expect(await person.run("npx", "--no-install", "open-multi-auth", "--help")).toContain(version);
  });

  it("DOC-07: every published package says what it is, for whom, under which licence, and opens to everybody", async () => {
    const ours = registry.published().filter(({ name }) => name.includes("open-multi-auth"));
    expect(ours.length).toBeGreaterThan(10);
    for (const { manifest, tarball } of ours) {
      expect(manifest).toMatchObject({
        version: expect.stringMatching(/^\d+\.\d+\.\d+/),
        description: expect.stringMatching(/.{10}/),
        license: "MIT",
        type: "module",
        engines: { node: expect.any(String) },
        publishConfig: { access: "public" },
      });
      const files = execFileSync("tar", ["tzf", "-"], { input: tarball, encoding: "utf8" }).split("\n");
      expect(files).toEqual(
        expect.arrayContaining(["LICENSE", "README.md", "package.json"].map((file) => `package/${file}`)),
      );
      expect(files.filter((file) => file.startsWith("package/dist/")).length).toBeGreaterThan(0);
      for (const range of Object.values(manifest["dependencies"] ?? {})) expect(range).toMatch(/^\d/);
    }
  });
});
