import type { TestResult } from "../outcomes/results.ts";
import type { Promises } from "./promises.ts";

/** What the tests say about the promises. */
export interface Coverage {
  readonly proven: readonly string[];
  /** No test that carries the id passed. */
  readonly missing: readonly string[];
  /** A test that carries the id failed. */
  readonly broken: readonly string[];
  /** Carried by a test, and promised nowhere or not built. */
  readonly unknown: readonly string[];
  /** Passed tests of each area. */
  readonly tests: ReadonlyMap<string, number>;
  /** Areas with fewer tests than they are said to have. */
  readonly thin: readonly string[];
}

/** Judges the promises, and how many tests each area is told to have, by the tests that ran. */
export function acceptanceCoverage(
  { built }: Promises,
  told: ReadonlyMap<string, number>,
  results: readonly TestResult[],
): Coverage {
  const passed = idsOf(results, "passed");
  const failed = idsOf(results, "failed");
  const areas = areasOf(built);
  const tests = new Map(areas.map((area) => [area, countOf(results, area)]));
  return {
    proven: built.filter((id) => passed.has(id) && !failed.has(id)),
    missing: built.filter((id) => !passed.has(id) && !failed.has(id)),
    broken: built.filter((id) => failed.has(id)),
    unknown: [...passed, ...failed].filter((id) => areas.includes(areaOf(id)) && !built.includes(id)),
    tests,
    thin: areas.filter((area) => (tests.get(area) ?? 0) < (told.get(area) ?? 1)),
  };
}

/** The report: a line for each area, then what is not as promised. */
export function coveragePage(
  { built, notBuilt }: Promises,
  { proven, missing, broken, unknown, tests, thin }: Coverage,
): string {
  const areas = areasOf(built).map((area) => {
    const count = (ids: readonly string[]): number => ids.filter((id) => areaOf(id) === area).length;
    return `${area} ${count(proven)}/${count(built)}, ${tests.get(area)} tests`;
  });
  return [
    ...areas,
    `${proven.length} of ${built.length} promises are proven by tests that passed`,
    ...list("missing", missing),
    ...list("broken", broken),
    ...list("not promised", unknown),
    ...list("too few tests", thin),
    ...list("not built", notBuilt),
  ].join("\n");
}

const list = (title: string, ids: readonly string[]): string[] =>
  ids.length === 0 ? [] : [`${title}: ${ids.join(" ")}`];

export const isWhole = ({ proven, missing, broken, unknown, thin }: Coverage): boolean =>
  proven.length > 0 && [missing, broken, unknown, thin].every(({ length }) => length === 0);

function idsOf(results: readonly TestResult[], outcome: TestResult["outcome"]): Set<string> {
  const titles = results.filter((result) => result.outcome === outcome).map(({ title }) => title);
  return new Set(titles.flatMap((title) => title.match(/\b[A-Z]{3}-\d\d\b/g) ?? []));
}

function countOf(results: readonly TestResult[], area: string): number {
  return results.filter(({ title, outcome }) => outcome === "passed" && title.includes(`${area}-`)).length;
}

const areasOf = (ids: readonly string[]): string[] => [...new Set(ids.map(areaOf))];

const areaOf = (id: string): string => id.slice(0, 3);
