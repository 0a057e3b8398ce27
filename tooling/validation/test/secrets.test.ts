import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { ROOT } from "../src/pack.ts";
import { gitObjects } from "../src/secrets/git-objects.ts";
import { scanFile } from "../src/secrets/scan-files.ts";
import { scanText } from "../src/secrets/scan.ts";

describe("the repository", () => {
  it("VAL-10: holds no secret in its tree, evidence included", () => {
    const listed = execFileSync("git", ["ls-files", "-z", "--cached", "--others", "--exclude-standard"], {
      cwd: ROOT,
      encoding: "utf8",
    });
    const there = execFileSync("git", ["ls-files", "-z", "--deleted"], { cwd: ROOT, encoding: "utf8" });
    const gone = new Set(there.split("\0"));
    const files = listed.split("\0").filter((name) => name !== "" && !gone.has(name));
    expect(files.length).toBeGreaterThan(1_000);
    expect(files.flatMap((file) => scanFile(join(ROOT, file), file))).toEqual([]);
  });

  it("VAL-10: holds no secret in its history", () => {
    const objects = gitObjects(ROOT);
    expect(objects.length).toBeGreaterThan(1_000);
    expect(
      objects.flatMap(({ name, text }) => scanText(text).map((finding) => ({ name, ...finding }))),
    ).toEqual([]);
  });
});

describe("gitObjects", () => {
  it("VAL-10: brings back what was committed and deleted again, and what a message says", () => {
    const folder = mkdtempSync(join(tmpdir(), "oma-history-"));
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    const git = (...args: string[]): string =>
      execFileSync("git", ["-c", "user.name=a", "-c", "user.email=a@example.com", ...args], {
        cwd: folder,
        encoding: "utf8",
      });
    git("init", "-q");
    writeFileSync(join(folder, "config"), `registry\n${secret("file")}\n`);
    git("add", "config");
    git("commit", "-qm", "add");
    git("rm", "-q", "config");
    git("commit", "-qm", `remove ${secret("message")}`);
    const found = gitObjects(folder).flatMap(({ name, text }) =>
      scanText(text).map(({ kind, line }) => ({ name, kind, line })),
    );
    expect(found).toContainEqual({ name: expect.stringMatching(/^config \(/), kind: "npm token", line: 2 });
    expect(found).toContainEqual({
      name: expect.stringMatching(/^a commit \(/),
      kind: "npm token",
      line: expect.any(Number),
    });
    expect(found).toHaveLength(2);
  });
});

const secret = (seed: string): string =>
  `npm_${createHash("sha512").update(seed).digest("base64").replaceAll(/\W/g, "").slice(0, 36)}`;
