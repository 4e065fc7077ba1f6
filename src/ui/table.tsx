/** A table by its columns. */
import type { ComponentChildren } from 'preact';

export interface TableColumn<Row> {
  readonly head: string;
  readonly of: (row: Row) => ComponentChildren;
  /** Names its row. */
  readonly isName?: boolean;
  readonly look?: (row: Row) => string | undefined;
}

interface TableProps<Row> {
  readonly columns: readonly TableColumn<Row>[];
  readonly rows: readonly Row[];
}

export const ColumnTable = <Row,>({ columns, rows }: TableProps<Row>) => (
  <table>
    <thead>
      <tr>
        {columns.map(({ head }) => (
          <th scope="col" key={head}>
            {head}
          </th>
        ))}
      </tr>
    </thead>
    <tbody>
      {rows.map((row, at) => (
        <tr key={at}>
          {columns.map(({ head, of, isName, look }) =>
            isName ? (
              <th scope="row" key={head}>
                {of(row)}
              </th>
            ) : (
              <td key={head} class={look?.(row)}>
                {of(row)}
              </td>
            ),
          )}
        </tr>
      ))}
    </tbody>
  </table>
);
