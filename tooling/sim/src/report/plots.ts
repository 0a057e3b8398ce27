import type { FigureName } from "../figures.ts";
import { POLICIES } from "../policies/all.ts";
import { valuesOf, type ScenarioResult } from "../results.ts";
import { estimate } from "../statistics.ts";
import { short } from "./numbers.ts";
import { gridLine, mark, svg, text, type Mark } from "./svg.ts";

/** The plots of the page. */
export const PLOTS: readonly {
  readonly file: string;
  readonly render: (results: readonly ScenarioResult[]) => string;
}[] = [
  {
    file: "stall-hours.svg",
    render: (results) =>
      plot(results, {
        title: "Stall hours by scenario, mean over the seeds (fewer is better; logarithmic from 1)",
        figure: "stallHours",
        ticks: [0, 1, 10, 100, 1_000, 10_000],
        place: (value) => Math.log10(1 + value) / 4.05,
      }),
  },
  {
    file: "cache-hits.svg",
    render: (results) =>
      plot(results, {
        title: "Cache hit rate by scenario in percent, mean over the seeds (more is better)",
        figure: "cacheHit",
        ticks: [70, 75, 80, 85, 90, 95, 100],
        place: (value) => (Math.max(value, 70) - 70) / 30,
      }),
  },
];

const MARKS: Readonly<Record<string, Mark>> = {
  headroom: { colour: "#1f883d", shape: "disc" },
  "headroom-0": { colour: "#1f883d", shape: "ring" },
  "round-robin": { colour: "#0969da", shape: "disc" },
  "rr-no-affinity": { colour: "#8b949e", shape: "cross" },
  cliproxyapi: { colour: "#8250df", shape: "square" },
  opencodex: { colour: "#bf3989", shape: "triangle" },
  "codex-lb": { colour: "#cf222e", shape: "diamond" },
  "codex-lb-availability": { colour: "#d4730b", shape: "triangle" },
  "codex-lb-drain": { colour: "#9a6700", shape: "square" },
  "earliest-reset": { colour: "#6e7781", shape: "ring" },
};
const UNKNOWN: Mark = { colour: "#8b949e", shape: "ring" };

const WIDTH = 860;
const LEFT = 96;
const RIGHT = 24;
const ROW = 26;
const LEGEND_ROW = 22;
const LEGEND_COLUMNS = 3;

interface Plot {
  readonly title: string;
  readonly figure: FigureName;
  readonly ticks: readonly number[];
  /** From 0 at the left edge to 1 at the right. */
  readonly place: (value: number) => number;
}

function plot(results: readonly ScenarioResult[], { title, figure, ticks, place }: Plot): string {
  const top = 48 + LEGEND_ROW * Math.ceil(POLICIES.length / LEGEND_COLUMNS);
  const bottom = top + ROW * results.length;
  const x = (value: number): number => LEFT + (WIDTH - LEFT - RIGHT) * Math.min(1, place(value));
  const grid = ticks.flatMap((tick) => [
    gridLine(x(tick), top, x(tick), bottom),
    text(x(tick), bottom + 20, String(tick), { anchor: "middle", faint: true }),
  ]);
  const rows = results.flatMap((result, row) => {
    const y = top + ROW * (row + 0.5);
    return [
      text(LEFT - 12, y + 4, result.scenarioId, { anchor: "end" }),
      gridLine(LEFT, y, WIDTH - RIGHT, y),
      // Ours last, so that they lie on top.
      ...POLICIES.toReversed().flatMap(({ id, title: name }) => {
        const values = valuesOf(result, id, figure);
        if (values.length === 0) return [];
        const { mean } = estimate(values);
        return [mark(x(mean), y, MARKS[id] ?? UNKNOWN, `${name}, ${result.scenarioId}: ${short(mean)}`)];
      }),
    ];
  });
  return svg(WIDTH, bottom + 36, title, [text(12, 24, title), ...legend(), ...grid, ...rows]);
}

function legend(): readonly string[] {
  const width = (WIDTH - RIGHT) / LEGEND_COLUMNS;
  return POLICIES.flatMap(({ id, title }, index) => {
    const x = 20 + width * (index % LEGEND_COLUMNS);
    const y = 46 + LEGEND_ROW * Math.floor(index / LEGEND_COLUMNS);
    return [mark(x, y, MARKS[id] ?? UNKNOWN, title), text(x + 14, y + 4, title)];
  });
}
