import type { FileChange } from "../files/change-file.ts";
import type { Colours } from "./colours.ts";

const CONTEXT_LINES = 2;

/** A line as it was kept, taken out or added. */
interface Line {
  readonly kind: "kept" | "gone" | "new";
  readonly text: string;
}

/** A change as people read it: the lines that go and come, each place with a little around it. */
export function diffText({ path, before, after }: FileChange, { bold, red, green, dim }: Colours): string {
  const lines = compare(linesOf(before), linesOf(after));
  const isNear = (at: number): boolean =>
    lines.slice(Math.max(0, at - CONTEXT_LINES), at + CONTEXT_LINES + 1).some(({ kind }) => kind !== "kept");
  const shown = lines.flatMap(({ kind, text }, at) => {
    if (kind === "gone") return [red(`- ${text}`)];
    if (kind === "new") return [green(`+ ${text}`)];
    if (isNear(at)) return [dim(`  ${text}`)];
    return isNear(at - 1) && at > 0 && lines.slice(at).some((line) => line.kind !== "kept")
      ? [dim("  ...")]
      : [];
  });
  return [
    bold(`${path}${before === null ? " (new)" : ""}${after === null ? " (removed)" : ""}`),
    ...shown,
  ].join("\n");
}

/** The fewest lines that go and come: those on the longest way through both texts are kept. */
function compare(old: readonly string[], fresh: readonly string[]): readonly Line[] {
  const kept = keptFrom(old, fresh);
  const lines: Line[] = [];
  let [a, b] = [0, 0];
  while (a < old.length || b < fresh.length) {
    const [was, is] = [old[a], fresh[b]];
    if (was !== undefined && was === is) {
      lines.push({ kind: "kept", text: was });
      a += 1;
      b += 1;
    } else if (was !== undefined && (is === undefined || kept(a + 1, b) >= kept(a, b + 1))) {
      lines.push({ kind: "gone", text: was });
      a += 1;
    } else if (is !== undefined) {
      lines.push({ kind: "new", text: is });
      b += 1;
    }
  }
  return lines;
}

/** How many lines two texts still have in common from these on. */
function keptFrom(old: readonly string[], fresh: readonly string[]): (a: number, b: number) => number {
  const width = fresh.length + 1;
  const counts = new Uint32Array((old.length + 1) * width);
  const at = (a: number, b: number): number => counts[a * width + b] ?? 0;
  for (let a = old.length - 1; a >= 0; a -= 1) {
    for (let b = fresh.length - 1; b >= 0; b -= 1)
      counts[a * width + b] =
        old[a] === fresh[b] ? at(a + 1, b + 1) + 1 : Math.max(at(a + 1, b), at(a, b + 1));
  }
  return at;
}

const linesOf = (text: string | null): string[] =>
  (text ?? "")
    .replace(/\n$/, "")
    .split("\n")
    .filter((line, _, all) => all.length > 1 || line !== "");
