import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { commands } from "../src/commands/index.ts";
import { parseUsage } from "../src/usage.ts";

const ROOT = fileURLToPath(new URL("../../../", import.meta.url));
const PAGES = [
  "README.md",
  "CONTRIBUTING.md",
  "SECURITY.md",
  ...globSync("docs/**/*.md", { cwd: ROOT }),
  ...globSync("{apps,packages,tooling}/*/README.md", { cwd: ROOT }),
];

/** A command line as a document shows it, without what the shell does with it. */
interface Shown {
  readonly page: string;
  readonly line: string;
  readonly words: readonly string[];
  /** To be typed as it stands; else it is spoken of, or stands for many. */
  readonly isWhole: boolean;
}

const shown = PAGES.flatMap((page) => commandLines(page, readFileSync(join(ROOT, page), "utf8")));

it("DOC-01: every command line of `oma` in the documents is one that `oma` understands", async () => {
  expect(shown.length).toBeGreaterThan(80);
  const wrong: string[] = [];
  for (const { page, line, words, isWhole } of shown) {
    const [name = "", ...args] = words;
    const entry = commands.find((candidate) => candidate.name === name || candidate.alias === name);
    if (!entry) {
      wrong.push(`${page}: \`${line}\`: there is no command ${name}`);
      continue;
    }
    const command = await entry.load();
    const unknown = args
      .flatMap((word) => /^\[?(?:\w+\\\|)?--([\w-]+)/.exec(word)?.[1] ?? [])
      .filter((option) => option !== "help" && !(option in command.options));
    const parsed = isWhole ? parseUsage(name, command, args) : undefined;
    if (unknown.length > 0) wrong.push(`${page}: \`${line}\`: there is no option ${unknown.join(", ")}`);
    else if (parsed?.isErr()) wrong.push(`${page}: \`${line}\`: ${parsed.error.message}`);
  }
  expect(wrong).toEqual([]);
});

/** In blocks for a shell, and in code within a sentence. */
function commandLines(page: string, text: string): Shown[] {
  const blocks = [...text.matchAll(/```(?:sh|bash)\n([^]*?)```/g)].flatMap(([, block = ""]) =>
    block.split("\n"),
  );
  const inline = [...text.replaceAll(/```[^]*?```/g, "").matchAll(/`([^`\n]+)`/g)].map(
    ([, code = ""]) => code,
  );
  return [
    ...blocks.flatMap((line) =>
      calls(line).map((words) => ({ page, line, words, isWhole: !/[<[]/.test(line) })),
    ),
    ...inline.flatMap((line) => calls(line).map((words) => ({ page, line, words, isWhole: false }))),
  ];
}

/** The words of every call of `oma` in a line. */
function calls(line: string): string[][] {
  return line
    .replace(/(?<=\s|^)#.*$/, "")
    .split(/&&|\|\||;|\s\|\s/)
    .flatMap((part) => {
      const [, rest] = /^\s*(?:[A-Z_]+=(?:"[^"]*"|\S+)\s+)*oma\s+(?!-)(.*)$/.exec(part) ?? [];
      return rest === undefined ? [] : [wordsOf(rest.replace(/\s>\s*\S+$/, ""))];
    });
}

function wordsOf(text: string): string[] {
  return [...text.matchAll(/"([^"]*)"|'([^']*)'|(\S+)/g)].map(
    ([, double, single, bare]) => double ?? single ?? bare ?? "",
  );
}
