import type { ComponentChildren } from "preact";

interface TableProps<Row> {
  /** What the table lists, for the ear. */
  readonly caption: string;
  readonly columns: readonly {
    readonly head: string;
    readonly numeric?: boolean;
    readonly cell: (row: Row) => ComponentChildren;
  }[];
  readonly rows: readonly Row[];
  readonly rowKey: (row: Row) => string;
}

/** A plain table; figures stand to the right. */
export function Table<Row>({ caption, columns, rows, rowKey }: TableProps<Row>) {
  return (
    <div class="scroll">
      <table class="tbl">
        <caption class="vh">{caption}</caption>
        <thead>
          <tr>
            {columns.map(({ head, numeric }) => (
              <th key={head} scope="col" class={numeric === true ? "num" : undefined}>
                {head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={rowKey(row)}>
              {columns.map(({ head, numeric, cell }) => (
                <td key={head} class={numeric === true ? "num" : undefined}>
                  {cell(row)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
