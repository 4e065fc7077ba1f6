/**
 * Which plates hold a part. Their index is read 5,000 rows at a time, and the plates of each such slice are kept as text, until a row of it comes or
 * changes: to look through the text of a million takes milliseconds. Runs in the store thread.
 */
import type { Database } from '../thread/database.ts';
import { RECORD_PLATE } from '../thread/schema.ts';
import type { PlateSlice } from '../types.ts';

const SLICE_ROWS = 5_000;
/** So many are kept, some 80 KB each at most; what lies behind them is read each time. */
const SLICES_KEPT = 400;
/** Plates given at a time: to find their records takes some milliseconds. */
const PLATES_AT_ONCE = 500;
const BEHIND_ALL = '\u{10FFFF}';

/** Behind the plate `after`, up to where the next one begins. */
interface Slice {
  readonly after: string;
  /** Each plate once, on a line of its own; undefined: to be read. */
  text: string | undefined;
}

export class PlateSlices {
  readonly #database: Database;
  readonly #sql;
  readonly #slices: Slice[] = [{ after: '', text: undefined }];
  /** Other processes write as well, and what they write is not heard of. */
  #version: unknown;

  constructor(database: Database) {
    this.#database = database;
    const from = 'FROM release INDEXED BY release_plate WHERE';
    const behind = `${from} ${RECORD_PLATE} > @after`;
    this.#sql = {
      end: database.prepare(`SELECT ${RECORD_PLATE} ${behind} ORDER BY 1 LIMIT 1 OFFSET ${SLICE_ROWS}`).pluck(),
      plates: database.prepare(`SELECT DISTINCT ${RECORD_PLATE} ${behind} AND ${RECORD_PLATE} <= @end`).pluck(),
      ids: database.prepare(`SELECT id ${from} ${RECORD_PLATE} IN (SELECT value FROM json_each(?))`).pluck(),
    };
  }

  /** The records of some plates behind `after` that hold the part. `next`: after which to go on; meanwhile the store does what else is asked of it. */
  holding(part: string, after: string): PlateSlice {
    if (after === '') this.#forgetIfOthersWrote();
    const plates: string[] = [];
    let next: string | undefined = after;
    for (let at = this.#slices.findLastIndex((slice) => slice.after <= after); next !== undefined; at += 1) {
      const slice = this.#slices[at] as Slice;
      const isKept = slice.text !== undefined;
      plates.push(...linesWith(slice.text ?? this.#textOf(slice, at), part));
      next = this.#slices[at + 1]?.after;
      if (!isKept || plates.length >= PLATES_AT_ONCE) break;
    }
    return { ids: this.#sql.ids.all(JSON.stringify(plates)) as number[], ...(next !== undefined && { next }) };
  }

  #forgetIfOthersWrote(): void {
    const version = this.#database.pragma('data_version', { simple: true });
    if (version === this.#version) return;
    if (this.#version === undefined) this.#listen();
    this.#version = version;
    for (const slice of this.#slices) slice.text = undefined;
  }

  /** The triggers are of this connection only, and stand in no file. */
  #listen(): void {
    this.#database.function('plate_written', (plate) => {
      const slice = this.#slices.findLast(({ after }) => typeof plate === 'string' && after < plate);
      if (slice !== undefined) slice.text = undefined;
      return null;
    });
    const written = `ON main.release BEGIN SELECT plate_written(${RECORD_PLATE.replaceAll('body', 'new.body')}); END`;
    this.#database.exec(`CREATE TEMP TRIGGER plate_put AFTER INSERT ${written};
      CREATE TEMP TRIGGER plate_moved AFTER UPDATE OF body ${written}`);
  }

  #textOf(slice: Slice, at: number): string {
    const { after } = slice;
    const end = this.#sql.end.get({ after }) as string | undefined;
    const known = this.#slices[at + 1]?.after;
    if (end !== undefined && (known === undefined || end < known))
      this.#slices.splice(at + 1, 0, { after: end, text: undefined });
    const plates = this.#sql.plates.all({ after, end: this.#slices[at + 1]?.after ?? BEHIND_ALL }) as string[];
    const text = `\n${plates.join('\n')}\n`;
    if (at < SLICES_KEPT) slice.text = text;
    return text;
  }
}

function linesWith(text: string, part: string): readonly string[] {
  const lines: string[] = [];
  for (let at = text.indexOf(part); at !== -1 && at < text.length - 1; ) {
    const from = text.lastIndexOf('\n', at) + 1;
    const to = text.indexOf('\n', from);
    if (to > from) lines.push(text.slice(from, to));
    at = text.indexOf(part, to);
  }
  return lines;
}
