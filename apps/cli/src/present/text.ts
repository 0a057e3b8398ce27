/**
 * Text from elsewhere (e-mail addresses, notes, aliases in records) as a terminal may show it: control characters
 * and those that turn the direction of writing could fake what is on the screen.
 */
export function plain(text: string): string {
  return text.replaceAll(/[\p{Cc}\u2028-\u202E\u2066-\u2069]/gu, "\uFFFD");
}

/** Rows as columns two spaces apart; the last cell of a row is not padded. Cells may be painted. */
export function table(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => width(row[column] ?? ""))));
  return rows
    .map((row) =>
      row
        .map((cell, column) => pad(cell, widths[column] ?? 0))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}

const pad = (cell: string, to: number): string => cell + " ".repeat(Math.max(0, to - width(cell)));

/** Painting takes no room. */
// oxlint-disable-next-line no-control-regex
const width = (text: string): number => text.replaceAll(/\u001B\[\d+m/g, "").length;

/** Beside a label a terminal of 80 columns has room for this. */
const WRAP_AT = 68;

/** A long line as several, broken between words. */
export function wrapped(line: string): string[] {
  const lines: string[] = [];
  for (const word of line.split(" ")) {
    const last = lines.at(-1);
    if (last !== undefined && width(last) + 1 + width(word) <= WRAP_AT)
      lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}
