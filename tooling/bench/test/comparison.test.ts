import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import type { Comparison } from "../src/compare/comparison.ts";
import type { Figure } from "../src/compare/figure.ts";
import { RECORD, renderComparison } from "../src/compare/render.ts";

const recorded = JSON.parse(readFileSync(RECORD, "utf8")) as Comparison;
const page = (figures: readonly Figure[]): string => renderComparison({ ...recorded, figures });

it("docs/comparison.md is the page of the recorded run", () => {
  const written = readFileSync(new URL("../../../docs/comparison.md", import.meta.url), "utf8");
  expect(written).toBe(renderComparison(recorded));
  for (const { name, version, commit } of Object.values(recorded.subjects)) {
    expect(written).toContain(`${name} ${version}`);
    expect(written).toContain(commit);
  }
});

it("a figure that another does as well or better is told, whichever direction is better", () => {
  const told = page([
    figure("Quick", "less", { ours: 2, baseline: 1, ndycode: 3 }),
    figure("Kept", "more", { ours: 9, baseline: 9, ndycode: 1 }),
    figure("Ahead", "more", { ours: 9, baseline: 1, ndycode: 1 }),
  ]);
  const { baseline } = recorded.subjects;
  const [, notAhead = ""] = told.split("## Where we are not ahead\n\n");
  expect(notAhead.trim().split("\n")).toEqual([
    `- Quick, ours 2: ${baseline.name} is better (1).`,
    `- Kept, ours 9: ${baseline.name} is as good (9).`,
  ]);
});

it("a figure that could not be measured is told as such, and compares with nothing", () => {
  const told = page([figure("Odd", "less", { ours: 2, baseline: 1 })]);
  expect(told).toContain("| Odd | 2 | 1 | not measured |");
});

function figure(title: string, better: Figure["better"], values: Figure["values"]): Figure {
  return { group: "updates", title, unit: "", better, values };
}
