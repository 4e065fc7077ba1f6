/**
 * Rows of the journal for a walk along the chain. Many of them cross from the database as one text, because a crossing costs as much as the hash of
 * a row.
 */
import type { Database } from '../thread/database.ts';
import { CHECKED_ROW_TEXT } from './chain.ts';

/** Rows that cross at once. */
const ONCE = 512;
/** Between two of them. JSON has it nowhere; where a row was forged to have it there are too many, and they cross one by one. */
const BETWEEN = '\u001e';

export interface WalkedRow {
  readonly seq: number;
  /** undefined: no chain has taken it up. */
  readonly text: string | undefined;
  /** The beginning of its digest; of another length when it was forged. */
  readonly check: string;
}

type Crossing = readonly [count: number, last: number, joined: string];

/** From `from` up to before `next`, in their order. */
export function* walkedRows(database: Database, from: number, next: number): Generator<WalkedRow, undefined> {
  const sql = database.prepare(
    `SELECT count(*), max(seq), group_concat(walked, char(${BETWEEN.charCodeAt(0)})) FROM
      (SELECT seq, iif(link IS NULL, seq, ${CHECKED_ROW_TEXT}) AS walked FROM journal
        WHERE seq >= ? AND seq < ? ORDER BY seq LIMIT ?)`,
  );
  sql.raw();
  let [at, singles] = [from, 0];
  for (;;) {
    const [count, last, joined] = sql.get(at, next, singles > 0 ? 1 : ONCE) as Crossing;
    if (count === 0) return;
    const rows = count === 1 ? [joined] : joined.split(BETWEEN);
    if (rows.length !== count) {
      singles = ONCE;
      continue;
    }
    for (const row of rows) yield walked(row);
    singles -= 1;
    at = last + 1;
  }
}

function walked(row: string): WalkedRow {
  const end = row.indexOf('\n');
  if (end === -1) return { seq: Number(row), text: undefined, check: '' };
  const text = row.slice(end + 1);
  return { seq: Number(text.slice(0, text.indexOf('\n'))), text, check: row.slice(0, end) };
}

/** The event of a row of the box, from its text; undefined: it is one of a lane. */
export function boxEvent(text: string): string | undefined {
  const lane = text.indexOf('\n', text.indexOf('\n') + 1) + 1;
  if (text.charAt(lane) !== '\n') return undefined;
  const salt = text.indexOf('\n', text.indexOf('\n', lane + 1) + 1) + 1;
  return text.slice(text.indexOf('\n', salt) + 1);
}
