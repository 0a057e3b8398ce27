import type { ComponentChildren } from "preact";

interface Column<Row> {
  /** None where the first column names its rows. */
  readonly head?: string;
  /** Beside `num` for figures, which stand to the right: `t2` for what is said quietly. */
  readonly class?: string;
  readonly cell: (row: Row) => ComponentChildren;
}

interface TableProps<Row> {
  /** What the table lists, for the ear. */
  readonly caption: string;
  readonly class?: string;
  readonly columns: readonly Column<Row>[];
  readonly rows: readonly Row[];
  readonly rowKey: (row: Row) => string;
  /** Sets a row apart: `chosen`, or `no` for one that does not count. */
  readonly rowClass?: (row: Row) => string | undefined;
}

/** A plain table. Where it has no heads, its first cells are those of their rows. */
export function Table<Row>({ caption, class: more, columns, rows, rowKey, rowClass }: TableProps<Row>) {
  const hasHeads = columns.some(({ head }) => head);
  return (
    <div class={`scroll ${more ?? ""}`}>
      <table class="tbl">
        <caption class="vh">{caption}</caption>
        {hasHeads && (
          <thead>
            <tr>
              {columns.map(({ head, class: name }) => (
                <th key={head} scope="col" class={name}>
                  {head}
                </th>
              ))}
            </tr>
          </thead>
        )}
        <tbody>
          {rows.map((row) => (
            <tr key={rowKey(row)} class={rowClass?.(row)}>
              {columns.map(({ class: name, cell }, at) =>
                hasHeads || at > 0 ? (
                  <td key={at} class={name}>
                    {cell(row)}
                  </td>
                ) : (
                  <th key={at} scope="row">
                    {cell(row)}
                  </th>
                ),
              )}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
