import { spawnSync } from "node:child_process";
import { describe, expect, it } from "vitest";
import { completionScript, SHELLS } from "./completion.ts";

const COMMANDS = [
  { name: "status", summary: "Show all", options: ["json", "watch"], choices: [] },
  { name: "settings", summary: "Change what isn't right", options: ["json"], choices: ["get", "set"] },
];

/** What bash offers for a command line whose last word is being typed. */
function offered(...words: string[]): string[] {
  const script = [
    completionScript("bash", COMMANDS),
    `COMP_WORDS=(${words.map((word) => `'${word}'`).join(" ")})`,
    `COMP_CWORD=${words.length - 1}`,
    "_oma",
    'printf "%s\\n" "${COMPREPLY[@]}"',
  ].join("\n");
  return spawnSync("bash", ["-c", script], { encoding: "utf8" }).stdout.split("\n").filter(Boolean);
}

describe("completionScript", () => {
  it("completes commands, and the words and options of each, in bash", () => {
    expect(offered("oma", "s")).toEqual(["status", "settings"]);
    expect(offered("oma", "status", "--")).toEqual(["--json", "--watch", "--help"]);
    expect(offered("oma", "settings", "")).toEqual(["get", "set", "--json", "--help"]);
    expect(offered("oma", "nothing", "--j")).toEqual([]);
  });

  it("names every command for every shell, and no quote of a summary ends a word", () => {
    for (const shell of SHELLS) {
      const script = completionScript(shell, COMMANDS);
      expect(script).toContain("settings");
      expect(script).not.toContain("isn't");
    }
  });
});
