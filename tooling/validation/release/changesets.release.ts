import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { startRegistry } from "@open-multi-auth/npm-registry";
import { expect, it, onTestFinished } from "vitest";
import { ROOT } from "../src/pack.ts";

it("DOC-07: what changesets pack is published from there, and not without provenance where that is asked for", async () => {
  const folder = mkdtempSync(join(tmpdir(), "oma-release-"));
  const registry = await startRegistry();
  onTestFinished(async () => {
    await registry.close();
    rmSync(folder, { recursive: true, force: true });
  });
  const userconfig = join(folder, "publish.npmrc");
  writeFileSync(userconfig, `${registry.login}\n`);
  // No login of the person is in reach, and the registry is ours.
  const person = { PATH: process.env["PATH"], HOME: folder, npm_config_userconfig: userconfig };
  const env = { ...person, PNPM_CONFIG_REGISTRY: registry.url };
  const changeset = (args: readonly string[], more = {}): Promise<{ stdout: string }> =>
    promisify(execFile)(join(ROOT, "node_modules/.bin/changeset"), args, {
      cwd: ROOT,
      env: { ...env, ...more },
    });
  const packed = join(folder, "packed");
  const publish = ["publish", "--from-pack-dir", packed, "--no-git-tag"];

  await changeset(["pack", "--out-dir", packed]);
  // No CI vouches for this machine.
  await expect(changeset(publish, { PNPM_CONFIG_PROVENANCE: "true" })).rejects.toMatchObject({
    stdout: expect.stringContaining("ERR_PNPM_PROVENANCE_UNSUPPORTED_PROVIDER"),
  });
  expect(registry.published()).toEqual([]);
  await changeset(publish);
  const names = registry.published().map(({ name }) => name);
  expect(names).toEqual(expect.arrayContaining(["open-multi-auth", "@open-multi-auth/opencode"]));
  expect(names.length).toBeGreaterThan(10);
});
