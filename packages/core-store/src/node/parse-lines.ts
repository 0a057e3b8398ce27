/** The newest values among lines that are oldest first. What is not a JSON object is passed over. */
export function parseNewest(lines: readonly string[], limit: number): object[] {
  const values: object[] = [];
  for (const line of lines.toReversed()) {
    if (values.length >= limit) break;
    const value = parse(line);
    if (typeof value === "object" && value !== null) values.push(value);
  }
  return values;
}

/** All values among lines that are oldest first, in that order. */
export const parseOldest = (lines: readonly string[]): object[] => parseNewest(lines, Infinity).toReversed();

function parse(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
