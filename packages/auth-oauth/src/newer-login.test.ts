import { epochMs } from "@open-multi-auth/domain";
import { describe, expect, it } from "vitest";
import { isNewerLogin } from "./newer-login.ts";

const dated = (seconds: number, lastRefresh?: string) => ({
  expiresAt: epochMs(seconds * 1000),
  ...(lastRefresh !== undefined && { lastRefresh }),
});

describe("AUT-11: which of two logins of an account is the newer one", () => {
  it.each([
    ["ends later", dated(11), dated(10), true],
    ["ends earlier", dated(10), dated(11), false],
    ["ends in the same second", dated(10), dated(10), true],
    ["renewed later", dated(10, "2026-01-01T00:00:02Z"), dated(10, "2026-01-01T00:00:01Z"), true],
    ["renewed earlier", dated(10, "2026-01-01T00:00:01Z"), dated(10, "2026-01-01T00:00:02Z"), false],
    [
      "renewed later, for a shorter time",
      dated(9, "2026-01-01T00:00:02Z"),
      dated(10, "2026-01-01T00:00:01Z"),
      true,
    ],
    [
      "renewed earlier, for a longer time",
      dated(11, "2026-01-01T00:00:01Z"),
      dated(10, "2026-01-01T00:00:02Z"),
      false,
    ],
    [
      "written with nanoseconds",
      dated(10, "2026-01-01T00:00:00.2009Z"),
      dated(10, "2026-01-01T00:00:00.100Z"),
      true,
    ],
    ["only theirs has a time", dated(9, "2026-01-01T00:00:02Z"), dated(10), false],
    ["times that are none", dated(9, "yesterday"), dated(10, "tomorrow"), false],
  ])("%s", (_, theirs, ours, newer) => {
    expect(isNewerLogin(theirs, ours)).toBe(newer);
  });
});
