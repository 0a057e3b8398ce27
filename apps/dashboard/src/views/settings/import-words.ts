import type { Imported } from "@open-multi-auth/loopback-api/client";

/** One thing that an import does: to what, and what. */
export interface ImportRow {
  readonly what: string;
  readonly how: string;
  /** Whether anything changes here. */
  readonly isChange: boolean;
}

/** What an import would do, changes first. */
export function importRows({ added, removed, changed, settings, kept, renamed }: Imported): ImportRow[] {
  const newName = new Map(renamed.map(({ from, to }) => [to, from]));
  return [
    ...added.map((alias) => {
      const from = newName.get(alias);
      return row(alias, from === undefined ? "is added" : `is added; there it is called ${from}`);
    }),
    ...removed.map((alias) => row(alias, "is removed")),
    ...changed.map(({ alias, fields }) => row(alias, `gets ${listed(fields)}`)),
    ...(settings.length > 0 ? [row("Settings", `${listed(settings)} change`)] : []),
    ...kept.map(({ alias, fields }) => row(alias, `stays as it is; differs in ${listed(fields)}`, false)),
  ];
}

/** Whether an import would change nothing at all. */
export const changesNothing = (done: Imported): boolean =>
  importRows(done).every(({ isChange }) => !isChange);

const row = (what: string, how: string, isChange = true): ImportRow => ({ what, how, isChange });
const listed = (names: readonly string[]): string => names.join(", ");
