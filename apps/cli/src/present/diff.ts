import type { FileChange } from "../files/change-file.ts";
import type { Colours } from "./colours.ts";

const CONTEXT_LINES = 2;

/** A change as people read it: the lines that go and come, with a little around them. */
export function diffText({ path, before, after }: FileChange, { bold, red, green, dim }: Colours): string {
  const old = linesOf(before);
  const fresh = linesOf(after);
  const shorter = Math.min(old.length, fresh.length);
  let head = 0;
  while (head < shorter && old[head] === fresh[head]) head++;
  let tail = 0;
  while (tail < shorter - head && old.at(-1 - tail) === fresh.at(-1 - tail)) tail++;
  return [
    bold(`${path}${before === null ? " (new)" : ""}${after === null ? " (removed)" : ""}`),
    ...old.slice(Math.max(0, head - CONTEXT_LINES), head).map((line) => dim(`  ${line}`)),
    ...old.slice(head, old.length - tail).map((line) => red(`- ${line}`)),
    ...fresh.slice(head, fresh.length - tail).map((line) => green(`+ ${line}`)),
    ...old
      .slice(old.length - tail)
      .slice(0, CONTEXT_LINES)
      .map((line) => dim(`  ${line}`)),
  ].join("\n");
}

const linesOf = (text: string | null): string[] =>
  (text ?? "")
    .replace(/\n$/, "")
    .split("\n")
    .filter((line, _, all) => all.length > 1 || line !== "");
