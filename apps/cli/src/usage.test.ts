import { ok } from "neverthrow";
import { describe, expect, it } from "vitest";
import type { Command } from "./command.ts";
import { parseUsage } from "./usage.ts";

const command: Command = {
  arguments: [
    { name: "alias", required: true },
    { name: "tool", required: false, choices: ["opencode"] },
  ],
  options: { reason: { value: "text", about: "" }, yes: { about: "" } },
  examples: [],
  run: async () => ok(0),
};

describe("parseUsage", () => {
  it("gives words, flags and values as they were typed, numbers too", () => {
    const input = parse("--yes", "007", "--reason", "1e3");
    expect(input).toEqual({
      words: ["007"],
      flags: new Set(["yes"]),
      values: new Map([["reason", "1e3"]]),
    });
  });

  it("takes any number of words where the last argument says so", () => {
    const many = {
      ...command,
      arguments: [...command.arguments, { name: "more", required: false, many: true }],
    } as const;
    expect(parseUsage("x", many, ["a", "opencode", "b", "c"])._unsafeUnwrap()).toMatchObject({
      words: ["a", "opencode", "b", "c"],
    });
  });

  it("takes words that begin with a dash after --", () => {
    expect(parse("--", "-x")).toMatchObject({ words: ["-x"] });
    expect(parse("--", "--help")).toMatchObject({ words: ["--help"] });
  });

  it.each([["--help"], ["-h"], ["a", "b", "c", "--nonsense", "--help"]])(
    "knows the cry for help: %s",
    (...args) => {
      expect(parse(...args)).toBe("help");
    },
  );

  it.each([
    [[], "<alias> is missing"],
    [["a", "opencode", "x"], 'unexpected argument "x"'],
    [["a", "--nonsense"], "unknown option '--nonsense'"],
    [["a", "--reason"], "option '--reason <value>' argument missing"],
    [["a", "--yes=1"], "option '--yes' does not take an argument"],
    [["a", "vim"], '"vim" is not one of opencode'],
  ])("refuses %j: %s", (args, message) => {
    const refused = parseUsage("enable", command, args)._unsafeUnwrapErr();
    expect(refused).toEqual({ code: "USAGE", message, details: { fix: "see `oma enable --help`" } });
  });
});

const parse = (...args: string[]) => parseUsage("enable", command, args)._unsafeUnwrap();
