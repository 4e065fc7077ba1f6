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

type Crossing = readonly [count: number, last: number, joined: string];

/** Stands before the first row until it is moved. One object for all rows: half a million of them would be the collector's work. */
export class WalkedRows {
  seq = 0;
  /** undefined: no chain has taken the row up. */
  text: string | undefined;
  /** The beginning of its digest; of another length when it was forged. */
  check = '';
  isDone = false;
  readonly #sql;
  readonly #next: number;
  #from: number;
  #rows: readonly string[] = [];
  #at = 0;
  #singles = 0;

  /** From `from` up to before `next`, in their order. */
  constructor(database: Database, from: number, next: number) {
    this.#sql = database
      .prepare(
        `SELECT count(*), max(seq), group_concat(walked, char(${BETWEEN.charCodeAt(0)})) FROM
          (SELECT seq, iif(link IS NULL, seq, ${CHECKED_ROW_TEXT}) AS walked FROM journal
            WHERE seq >= ? AND seq < ? ORDER BY seq LIMIT ?)`,
      )
      .raw();
    this.#from = from;
    this.#next = next;
  }

  /** To the next row; false: there is none. */
  move(): boolean {
    if (this.#at >= this.#rows.length && !this.#cross()) {
      this.isDone = true;
      return false;
    }
    const row = this.#rows[this.#at] as string;
    this.#at += 1;
    const end = row.indexOf('\n');
    if (end === -1) {
      this.seq = Number(row);
      this.text = undefined;
      return true;
    }
    this.check = row.slice(0, end);
    this.text = row.slice(end + 1);
    this.seq = Number(row.slice(end + 1, row.indexOf('\n', end + 1)));
    return true;
  }

  #cross(): boolean {
    for (;;) {
      const isSingle = this.#singles > 0;
      const [count, last, joined] = this.#sql.get(this.#from, this.#next, isSingle ? 1 : ONCE) as Crossing;
      if (count === 0) return false;
      const rows = count === 1 ? [joined] : joined.split(BETWEEN);
      if (rows.length === count) {
        if (isSingle) this.#singles -= 1;
        this.#from = last + 1;
        this.#rows = rows;
        this.#at = 0;
        return true;
      }
      this.#singles = ONCE;
    }
  }
}

/** The event of a row of the box, from its text; undefined: it is one of a lane. */
export function boxEvent(text: string): string | undefined {
  const lane = text.indexOf('\n', text.indexOf('\n') + 1) + 1;
  if (text.charAt(lane) !== '\n') return undefined;
  const salt = text.indexOf('\n', text.indexOf('\n', lane + 1) + 1) + 1;
  return text.slice(text.indexOf('\n', salt) + 1);
}
