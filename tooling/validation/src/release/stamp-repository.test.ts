import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { stampRepository } from "./stamp-repository.ts";

function workspace(): { root: string; manifest: (folder: string) => object } {
  const root = mkdtempSync(join(tmpdir(), "oma-stamp-"));
  onTestFinished(() => rmSync(root, { recursive: true }));
  for (const [folder, rest] of [
    ["packages/library", {}],
    ["apps/program", {}],
    ["apps/page", { private: true }],
  ] as const) {
    mkdirSync(join(root, folder), { recursive: true });
    writeFileSync(join(root, folder, "package.json"), JSON.stringify({ name: folder, ...rest }));
  }
  return {
    root,
    manifest: (folder) => JSON.parse(readFileSync(join(root, folder, "package.json"), "utf8")),
  };
}

it("DOC-07: every published package names the repository that it is released from, private ones stay", () => {
  const { root, manifest } = workspace();
  const names = ["apps/program", "packages/library"];
  for (const repository of ["first/home", "somebody/open-multi-auth"])
    expect(stampRepository(root, repository)._unsafeUnwrap().toSorted()).toEqual(names);
  const url = "git+https://github.com/somebody/open-multi-auth.git";
  for (const name of names)
    expect(manifest(name)).toEqual({ name, repository: { type: "git", url, directory: name } });
  expect(manifest("apps/page")).toEqual({ name: "apps/page", private: true });
});

it("DOC-07: a release without a repository is refused, and nothing is written", () => {
  const { root, manifest } = workspace();
  for (const repository of [undefined, "", "open-multi-auth", "https://github.com/a/b", "a/b c"])
    expect(stampRepository(root, repository)._unsafeUnwrapErr()).toMatchObject({
      code: "REPOSITORY_INVALID",
      details: { fix: expect.stringContaining("owner/name") },
    });
  expect(manifest("apps/program")).toEqual({ name: "apps/program" });
});
