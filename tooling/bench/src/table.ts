import type { Machine } from "./machine.ts";
import { verdictOf, type Row, type Unit } from "./row.ts";

const HEADINGS = ["figure", "runtime", "direct", "pool", "ratio", "measured", "bound", ""] as const;

/** The rows as a text table, under a line that says what they were measured on. */
export function renderTable(machine: Machine, rows: readonly Row[]): string {
  const lines = [HEADINGS, ...rows.map(cells)];
  const widths = HEADINGS.map((_, column) => Math.max(...lines.map((line) => line[column]?.length ?? 0)));
  const table = lines.map((line) => line.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join("  "));
  const notes = rows.flatMap(({ figure, runtime, note }) =>
    note === undefined ? [] : [`${figure}, ${runtime}: ${note}`],
  );
  return [heading(machine), "", ...table, ...(notes.length > 0 ? ["", ...notes] : [])]
    .map((line) => line.trimEnd())
    .join("\n");
}

function heading({ commit, node, bun, cores, cpu, loadBefore, loadAfter }: Machine): string {
  const load = `load ${loadBefore.toFixed(1)} before, ${loadAfter.toFixed(1)} after`;
  return `commit ${commit} · node ${node} · bun ${bun} · ${cores} cores (${cpu}) · ${load}`;
}

function cells(row: Row): readonly string[] {
  const { figure, runtime, direct, pool, baselineUnit = "ms", value, unit, bound } = row;
  const ratio = direct === undefined || pool === undefined || direct === 0 ? "" : (pool / direct).toFixed(2);
  return [
    figure,
    runtime,
    direct === undefined ? "" : amount(direct, baselineUnit),
    pool === undefined ? "" : amount(pool, baselineUnit),
    ratio,
    value === undefined ? "-" : amount(value, unit),
    bound === undefined ? "-" : `<= ${amount(bound, unit, bound)}`,
    verdictOf(row),
  ];
}

const DIGITS: Readonly<Record<Unit, number>> = { ms: 3, µs: 2, kB: 1, MB: 1, calls: 0, times: 3, score: 4 };

function amount(value: number, unit: Unit, exact?: number): string {
  const text = exact === undefined ? value.toFixed(DIGITS[unit]) : String(exact);
  return unit === "times" ? `${text} x` : `${text} ${unit}`;
}
