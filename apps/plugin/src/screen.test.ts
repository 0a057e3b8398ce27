import { describe, expect, it } from "vitest";
import { hasScreen } from "./screen.ts";

describe("hasScreen", () => {
  it.each([
    [["bun", "/opencode"], true],
    [["bun", "/opencode", "serve", "--port=0"], true],
    [["bun", "/opencode", "some-project"], true],
    [["bun", "/opencode", "run", "say hello"], false],
    [["bun", "/opencode", "--print-logs", "run", "say hello"], false],
    [["bun", "/opencode", "serve", "run"], true],
  ])("%j: %s", (argv, expected) => {
    expect(hasScreen(argv)).toBe(expected);
  });
});
