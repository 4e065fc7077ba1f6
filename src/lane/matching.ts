/** Rows and columns matched one to one so that the sum of their gains is largest. It knows nothing of lanes. */

/** What each row gains by each column; 0: they do not match. */
export type Gains = readonly (readonly number[])[];

export interface Matching {
  readonly sum: number;
  /** The column of each row; -1: none. */
  readonly columns: readonly number[];
}

/** Dearer than all gains of one matching together. */
const FORBIDDEN = 1e6;

/** `alone`: what a row gains without a column; null: it must have one. undefined: a row that must have one has none that matches. */
export function bestMatching(gains: Gains, alone: readonly (number | null)[]): Matching | undefined {
  const width = gains[0]?.length ?? 0;
  // Beside the given columns each row has one of its own.
  const costOf = (row: number, column: number): number => {
    if (column >= width) return column - width === row ? -(alone[row] ?? -FORBIDDEN) : FORBIDDEN;
    const gain = gains[row]?.[column] ?? 0;
    return gain > 0 ? -gain : FORBIDDEN;
  };
  const columns = leastCost(gains.length, width + gains.length, costOf);
  const cost = columns.reduce((sum, column, row) => sum + costOf(row, column), 0);
  return cost >= FORBIDDEN / 2
    ? undefined
    : { sum: -cost, columns: columns.map((column) => (column < width ? column : -1)) };
}

/** Row and column 0 stand for none. */
interface Potentials {
  readonly ofRow: Float64Array;
  readonly ofColumn: Float64Array;
  /** The row that has a column. */
  readonly rowAt: Int32Array;
}

/** The Hungarian method, row by row; there are no fewer columns than rows. */
function leastCost(height: number, width: number, costOf: (row: number, column: number) => number): readonly number[] {
  const potentials: Potentials = {
    ofRow: new Float64Array(height + 1),
    ofColumn: new Float64Array(width + 1),
    rowAt: new Int32Array(width + 1),
  };
  for (let row = 1; row <= height; row += 1) addRow(row, potentials, costOf);
  const columns = new Array<number>(height).fill(-1);
  potentials.rowAt.forEach((row, column) => {
    if (column > 0 && row > 0) columns[row - 1] = column - 1;
  });
  return columns;
}

/** Finds the cheapest chain of exchanges that ends in a free column, and follows it back. */
function addRow(row: number, potentials: Potentials, costOf: (row: number, column: number) => number): void {
  const { ofRow, ofColumn, rowAt } = potentials;
  const least = new Float64Array(rowAt.length).fill(Number.POSITIVE_INFINITY);
  const cameFrom = new Int32Array(rowAt.length);
  const open = new Set(rowAt.keys());
  const at = (array: Float64Array | Int32Array, index: number): number => array[index] ?? 0;
  let column = 0;
  rowAt[0] = row;
  do {
    open.delete(column);
    const holder = at(rowAt, column);
    let next = 0;
    for (const other of open) {
      const cost = costOf(holder - 1, other - 1) - at(ofRow, holder) - at(ofColumn, other);
      if (cost < at(least, other)) {
        least[other] = cost;
        cameFrom[other] = column;
      }
      if (next === 0 || at(least, other) < at(least, next)) next = other;
    }
    const step = at(least, next);
    for (const other of rowAt.keys()) {
      if (open.has(other)) least[other] = at(least, other) - step;
      else {
        ofRow[at(rowAt, other)] = at(ofRow, at(rowAt, other)) + step;
        ofColumn[other] = at(ofColumn, other) - step;
      }
    }
    column = next;
  } while (rowAt[column] !== 0);
  for (; column !== 0; column = at(cameFrom, column)) rowAt[column] = at(rowAt, at(cameFrom, column));
}
