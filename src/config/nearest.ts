/** Guesses the existing name meant by a mistyped one. Pure; knows nothing of what is named. */

/** Names further away than this share of their length are no match. */
const FURTHEST_SHARE = 0.4;

/** `names`, the most similar to `written` first. */
export function nearestFirst(written: string, names: readonly string[]): readonly string[] {
  return names
    .map((name) => ({ name, edits: edits(written.toLowerCase(), name.toLowerCase()) }))
    .sort((a, b) => a.edits - b.edits)
    .map(({ name }) => name);
}

/** The probably intended name, if any is close enough. */
export function nearest(written: string, names: readonly string[]): string | undefined {
  const [first] = nearestFirst(written, names);
  if (first === undefined) return undefined;
  const limit = Math.max(1, Math.floor(Math.max(written.length, first.length) * FURTHEST_SHARE));
  return edits(written.toLowerCase(), first.toLowerCase()) <= limit ? first : undefined;
}

/** Edit distance: insertions, deletions, replacements and swaps of neighbours. */
function edits(from: string, to: string): number {
  const rows: number[][] = [Array.from({ length: to.length + 1 }, (_, column) => column)];
  for (let row = 1; row <= from.length; row += 1) {
    const line = [row];
    for (let column = 1; column <= to.length; column += 1) {
      const same = from[row - 1] === to[column - 1] ? 0 : 1;
      let least = Math.min(
        at(rows, row - 1, column) + 1,
        (line[column - 1] ?? 0) + 1,
        at(rows, row - 1, column - 1) + same,
      );
      const swapped = from[row - 1] === to[column - 2] && from[row - 2] === to[column - 1];
      if (row > 1 && column > 1 && swapped) least = Math.min(least, at(rows, row - 2, column - 2) + 1);
      line.push(least);
    }
    rows.push(line);
  }
  return at(rows, from.length, to.length);
}

function at(rows: readonly (readonly number[])[], row: number, column: number): number {
  return rows[row]?.[column] ?? 0;
}
