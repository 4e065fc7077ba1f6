/**
 * The sheets of days and months, once they are final: what they were enters the chain, with what they come to. Of a day its rows count, without the
 * questions, which may name a plate that is erased; of a month its days. Runs in the store thread, bounded.
 */
import { type BoxFact, sha256 } from '../chain/chain.ts';
import type { Moment } from '../moment.ts';
import type { Database } from '../thread/database.ts';
import { parsed } from '../thread/json.ts';

/** Days at a time: a store of before has a year of them. */
const AT_ONCE = 31;

const ROWS_OF_DAY = `SELECT lane_id AS lane, coalesce(CASE WHEN json_valid(rows) THEN rows -> '$.rows' END, '') AS rows, line
  FROM account WHERE day = ? ORDER BY lane_id`;
const DAYS_OF_MONTH = `SELECT span, sha256, sums FROM sheet WHERE span LIKE ? || '-__' ORDER BY span`;

type Sums = Readonly<Record<string, number>>;

interface Sheet {
  readonly sha256: string;
  readonly sums: Sums;
}

/** A day, `2026-11-25`, or a month, `2026-11`, as it is now. undefined: nothing of it is kept. */
export function finalSheet(database: Pick<Database, 'prepare'>, span: string): Sheet | undefined {
  if (span.length === '2026-11'.length) {
    const days = database.prepare(DAYS_OF_MONTH).all(span) as { span: string; sha256: string; sums: string }[];
    if (days.length === 0) return undefined;
    const text = days.map((day) => `${day.span} ${day.sha256}\n`).join('');
    return { sha256: sha256(text), sums: sumsOf(days.map(({ sums }) => sums)) };
  }
  const lanes = database.prepare(ROWS_OF_DAY).all(span) as { lane: string; rows: string; line: string }[];
  if (lanes.length === 0) return undefined;
  const text = JSON.stringify(lanes.map(({ lane, rows }) => [lane, rows]));
  return { sha256: sha256(text), sums: sumsOf(lanes.map(({ line }) => line)) };
}

function sumsOf(lines: readonly string[]): Sums {
  const sums: Record<string, number> = {};
  for (const line of lines)
    for (const [name, value] of Object.entries(parsed<Record<string, unknown>>(line) ?? {}))
      if (typeof value === 'number') sums[name] = (sums[name] ?? 0) + value;
  return sums;
}

export class FinalSheets {
  readonly #database: Database;
  readonly #say: (fact: BoxFact, moment: Moment) => void;
  readonly #sql;

  constructor(database: Database, say: (fact: BoxFact, moment: Moment) => void) {
    this.#database = database;
    this.#say = say;
    this.#sql = {
      days: database
        .prepare(
          `SELECT DISTINCT day FROM account WHERE day <= ? AND day NOT IN (SELECT span FROM sheet) ORDER BY day LIMIT ${AT_ONCE}`,
        )
        .pluck(),
      months: database
        .prepare(
          `SELECT DISTINCT substr(span, 1, 7) AS month FROM sheet WHERE month < substr(date(?, '+1 day'), 1, 7)
            AND month NOT IN (SELECT span FROM sheet) ORDER BY month`,
        )
        .pluck(),
      kept: database.prepare('SELECT sha256 FROM sheet WHERE span = ?').pluck(),
      keep: database.prepare('INSERT OR REPLACE INTO sheet (span, sha256, sums) VALUES (?, ?, ?)'),
    };
  }

  /** Those up to this day that are not in the chain yet. */
  close(lastDay: string, moment: Moment): void {
    const days = this.#sql.days.all(lastDay) as string[];
    for (const day of days) this.#close(day, moment);
    // A month waits for all of its days.
    if (days.length < AT_ONCE)
      for (const month of this.#sql.months.all(lastDay) as string[]) this.#close(month, moment);
  }

  /** A day was kept anew. What a lane that was quiet since moved in a final one is said again: the last word counts, and the first stays. */
  kept(day: string, moment: Moment): void {
    for (const span of [day, day.slice(0, 7)]) if (this.#sql.kept.get(span) !== undefined) this.#close(span, moment);
  }

  #close(span: string, moment: Moment): void {
    const sheet = finalSheet(this.#database, span);
    if (sheet === undefined || this.#sql.kept.get(span) === sheet.sha256) return;
    this.#say({ kind: 'sheet', span, ...sheet }, moment);
    this.#sql.keep.run(span, sheet.sha256, JSON.stringify(sheet.sums));
  }
}
