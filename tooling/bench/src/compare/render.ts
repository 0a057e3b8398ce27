import { fileURLToPath } from "node:url";
import type { Comparison } from "./comparison.ts";
import { atLeastAsGood, type Figure } from "./figure.ts";
import { INTRODUCTION, METHODS } from "./methods.ts";
import { SUBJECTS, type SubjectName } from "./subject.ts";

/** Where the last run is recorded. */
export const RECORD = fileURLToPath(new URL("recorded.json", import.meta.url));

const BUSY =
  " More wanted to run than there are cores, so times are longer and scatter more than on a quiet machine.";

/** The page that compares, from one run. */
export function renderComparison(comparison: Comparison): string {
  const { at, machine, subjects, figures } = comparison;
  const { node, bun, cores, cpu, loadBefore, loadAfter } = machine;
  const heads = SUBJECTS.map((name) => `${subjects[name].name} ${subjects[name].version}`);
  const groups = METHODS.filter(({ group }) => figures.some((figure) => figure.group === group));
  return `${[
    "# Side by side",
    INTRODUCTION,
    `Measured ${at} at commit ${SUBJECTS.map((name) => subjects[name].commit).join(", ")} (in the order of the columns): Node ${node}, ` +
      `Bun ${bun}, ${cores} cores (${cpu}), load ${loadBefore.toFixed(1)} before and ${loadAfter.toFixed(1)} after.${loadBefore > cores ? BUSY : ""}`,
    ...groups.flatMap(({ group, title, text }) => [
      `## ${title}`,
      table(
        heads,
        figures.filter((figure) => figure.group === group),
      ),
      text,
    ]),
    "## Where we are not ahead",
    notAhead(comparison),
  ].join("\n\n")}\n`;
}

function table(heads: readonly string[], figures: readonly Figure[]): string {
  return [
    ["", ...heads],
    ["---", ...heads.map(() => "---:")],
    ...figures.map((figure) => [
      figure.title,
      ...SUBJECTS.map((name) => amount(figure, figure.values[name])),
    ]),
  ]
    .map((cells) => `| ${cells.join(" | ")} |`)
    .join("\n");
}

function amount({ unit, of }: Figure, value: number | undefined): string {
  if (value === undefined) return "not measured";
  if (of !== undefined) return `${value} of ${of}`;
  if (unit === "") return String(value);
  return `${value.toFixed(value < 10 ? 2 : 0)} ${unit}`;
}

/** What another does as well or better, so that nobody has to look for it. */
function notAhead({ figures, subjects }: Comparison): string {
  const lines = figures.flatMap((figure) => {
    const ours = figure.values.ours;
    const others = SUBJECTS.filter((name): name is Exclude<SubjectName, "ours"> => name !== "ours").filter(
      (name) => {
        const value = figure.values[name];
        return value !== undefined && ours !== undefined && atLeastAsGood(figure, value, ours);
      },
    );
    if (others.length === 0) return [];
    const told = others.map((name) => {
      const equal = figure.values[name] === ours;
      return `${subjects[name].name} is ${equal ? "as good" : "better"} (${amount(figure, figure.values[name])})`;
    });
    return [`- ${figure.title}, ours ${amount(figure, ours)}: ${told.join("; ")}.`];
  });
  return lines.length > 0 ? lines.join("\n") : "In none of the figures of this run.";
}
