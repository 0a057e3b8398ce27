import { existsSync, globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { ROOT } from "../src/pack.ts";

const read = (path: string): string => readFileSync(join(ROOT, path), "utf8");
const manifest = JSON.parse(read("package.json"));
/** What pnpm does by itself, or turbo by its tasks. */
const BUILT_IN: ReadonlySet<string> = new Set(["install", "sbom", "turbo"]);
const workflows = globSync(".github/workflows/*.yml", { cwd: ROOT }).map((path) => ({
  path,
  text: read(path),
}));

describe("the workflows", () => {
  it("DOC-07: call scripts that there are, by the pnpm of the workspace", () => {
    expect(workflows.map(({ path }) => path).toSorted()).toEqual([
      ".github/workflows/ci.yml",
      ".github/workflows/release.yml",
    ]);
    const all = workflows.map(({ text }) => text.replaceAll(/^ *#.*$/gm, "")).join("\n");
    const called = [...all.matchAll(/\bpnpm ([a-z][\w:-]*)/g)].map(([, name = ""]) => name);
    expect(called).toEqual(expect.arrayContaining(["build", "release:stamp", "test:release"]));
    expect(called.filter((name) => !BUILT_IN.has(name) && !(name in manifest.scripts))).toEqual([]);
    expect([...all.matchAll(/pnpm@[\d.]+/g)].map(([name]) => name)).toEqual([manifest.packageManager]);
  });

  it("DOC-07: pin every action by the commit, told with its version", () => {
    const uses = workflows.flatMap(({ text }) => text.match(/^.*\buses:.*$/gm) ?? []);
    expect(uses.length).toBeGreaterThan(5);
    for (const line of uses) expect(line).toMatch(/uses: [\w-]+\/[\w/-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
  });

  it("DOC-07: test by the very command of the README, and publish with provenance and without a token", () => {
    const ci = workflows.find(({ path }) => path.endsWith("ci.yml"))?.text;
    const [, script = ""] = /^ +- run: (\.ci\/\S+)$/m.exec(ci ?? "") ?? [];
    const [, command = ""] = /^(npx -y \S+ test)\b/m.exec(read("README.md")) ?? [];
    expect(existsSync(join(ROOT, script))).toBe(true);
    expect(read(script).split("\n")).toContain(command);

    const release = workflows.find(({ path }) => path.endsWith("release.yml"))?.text ?? "";
    const jobs = new Map(
      release
        .slice(release.indexOf("\njobs:"))
        .split(/\n {2}(?=[a-z]+:\n)/)
        .slice(1)
        .map((job) => [job.slice(0, job.indexOf(":")), job]),
    );
    const withIdentity = [...jobs].filter(([, job]) => job.includes("id-token: write")).map(([name]) => name);
    expect(withIdentity).toEqual(["publish"]);
    expect(jobs.get("publish")).toContain('PNPM_CONFIG_PROVENANCE: "true"');
    expect(jobs.get("pack")).toMatch(/release:stamp[\s\S]+sbom[\s\S]+action\/pack/);
    expect(release).not.toMatch(/secrets\.|_TOKEN/);
  });
});
