import type { Colours } from "./colours.ts";

const CELLS = 20;

/** What a bar shows, in percent of the window. */
export interface BarFigures {
  readonly remaining: number;
  /** What would be left at an even pace; a mark in the bar. */
  readonly evenPace?: number | undefined;
  readonly level: Level;
  /** Figures that are not fresh look so, and are said to be. */
  readonly faded: boolean;
}

/** How little is left, by the thresholds of the settings. */
export type Level = "enough" | "low" | "critical";

export const levelOf = (
  remaining: number,
  { criticalThreshold, lowThreshold }: { readonly criticalThreshold: number; readonly lowThreshold: number },
): Level => (remaining < criticalThreshold ? "critical" : remaining < lowThreshold ? "low" : "enough");

/** A bar of what is left. Only a window that is full, or empty, looks so. */
export function bar({ remaining, evenPace, level, faded }: BarFigures, colours: Colours): string {
  const share = Math.round((remaining / 100) * CELLS);
  const filled = remaining <= 0 ? 0 : remaining >= 100 ? CELLS : Math.min(Math.max(share, 1), CELLS - 1);
  const cells = ["█".repeat(filled), "░".repeat(CELLS - filled)].join("");
  const paint = faded
    ? colours.dim
    : { enough: colours.green, low: colours.yellow, critical: colours.red }[level];
  if (evenPace === undefined) return paint(cells);
  const mark = Math.min(Math.max(Math.floor((evenPace / 100) * CELLS), 0), CELLS - 1);
  return `${paint(cells.slice(0, mark))}│${paint(cells.slice(mark + 1))}`;
}
