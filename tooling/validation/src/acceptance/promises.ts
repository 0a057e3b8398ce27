/** The ids of docs/acceptance.md. */
export interface Promises {
  readonly built: readonly string[];
  /** Wished for, and not there. */
  readonly notBuilt: readonly string[];
}

/** Reads docs/acceptance.md: lines `- **CON-01** …`, ranges `- **WSP-01** to **WSP-13**` under "Not built". */
export function promisesIn(page: string): Promises {
  const [built = "", notBuilt = ""] = page.split(/^## Not built$/m);
  return { built: idsIn(built), notBuilt: idsIn(notBuilt) };
}

function idsIn(text: string): string[] {
  const lines = text.matchAll(/^- \*\*([A-Z]{3})-(\d\d)\*\*(?: to \*\*\1-(\d\d)\*\*)?/gm);
  return [...lines].flatMap(([, area = "", first = "", last = first]) =>
    Array.from(
      { length: Number(last) - Number(first) + 1 },
      (_, index) => `${area}-${String(Number(first) + index).padStart(2, "0")}`,
    ),
  );
}

/** The number of tests that docs/QA.md tells of each area: `| LIM, limits | >= 160 |`. */
export function toldTests(page: string): ReadonlyMap<string, number> {
  const rows = page.matchAll(/^\| ([A-Z]{3}), [^|]+\| >= (\d+)/gm);
  return new Map([...rows].map(([, area = "", least]) => [area, Number(least)]));
}
