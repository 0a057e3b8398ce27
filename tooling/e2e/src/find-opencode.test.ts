import { existsSync } from "node:fs";

import { describe, expect, it } from "vitest";

import { binaryPackages, findOpenCode } from "./find-opencode.ts";

describe("findOpenCode", () => {
  it("finds the binary for this machine", () => {
    expect(existsSync(findOpenCode()._unsafeUnwrap())).toBe(true);
  });

  it("names what it looked for where there is none", () => {
    const error = findOpenCode({ platform: "sunos", arch: "sparc", avx2: false })._unsafeUnwrapErr();
    expect(error.code).toBe("OPENCODE_NOT_FOUND");
    expect(error.details.looked).toEqual(["opencode-sunos-sparc"]);
  });
});

describe("binaryPackages", () => {
  it.each([
    ["linux", "x64", true, "opencode-linux-x64"],
    ["linux", "x64", false, "opencode-linux-x64-baseline"],
    ["linux", "arm64", false, "opencode-linux-arm64"],
    ["darwin", "arm64", false, "opencode-darwin-arm64"],
    ["darwin", "x64", false, "opencode-darwin-x64-baseline"],
    ["win32", "x64", false, "opencode-windows-x64-baseline"],
  ])("prefers on %s %s (AVX2: %s) %s", (platform, arch, avx2, name) => {
    expect(binaryPackages({ platform, arch, avx2 })[0]).toBe(name);
  });
});
