/** A patch that breaks one promised behaviour, and where its proof stands. */
export interface Break {
  readonly id: string;
  /** The vitest project, and the file whose test must turn red. */
  readonly project: string;
  readonly file: string;
  readonly patch: string;
}

/** Reads `tooling/breaks/<ID>.patch`: a first line `test: <project> <file>`, then a diff. */
export function parseBreak(id: string, text: string): Break {
  const [, project = "", file = "", patch = ""] = /^test: (\w+) (\S+)\n([^]+)$/.exec(text) ?? [];
  if (patch === "") throw new Error(`${id}.patch must begin with "test: <project> <file>", and hold a diff`);
  return { id, project, file, patch };
}

/** As many of the ids as are wanted, chosen by a seed; the same for the same seed. */
export function sample(ids: readonly string[], count: number, seed: number): string[] {
  const ranked = ids.map((id) => ({ id, rank: hash(`${seed}:${id}`) }));
  return ranked
    .toSorted((a, b) => a.rank - b.rank)
    .slice(0, count)
    .map(({ id }) => id);
}

/** FNV-1a. */
function hash(text: string): number {
  let state = 0x811c9dc5;
  for (const sign of text) state = Math.imul(state ^ (sign.codePointAt(0) ?? 0), 0x01000193) >>> 0;
  return state;
}

/** One file of vitest's JSON report. */
export interface Report {
  readonly testResults: readonly {
    readonly assertionResults: readonly { readonly status: string; readonly fullName: string }[];
  }[];
}

/** What a break did to the tests of its file: caught, missed, or more than it should. */
export function verdictOf(id: string, report: Report): "caught" | "missed" | "too much" {
  const red = report.testResults
    .flatMap(({ assertionResults }) => assertionResults)
    .filter(({ status }) => status === "failed");
  if (!red.some(({ fullName }) => fullName.includes(id))) return "missed";
  return red.every(({ fullName }) => fullName.includes(id)) ? "caught" : "too much";
}
