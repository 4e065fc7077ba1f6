/**
 * What goes of the journal, and when: beyond the limit of rows the oldest, except what is needed. What a record rests on stays as long as the record,
 * and so do the rows of the box about it; without a record these go with their retention. Runs in the store thread, inside its transaction: each time
 * it looks through a part of the journal, and begins again behind the last.
 */

import type { Limits } from '../messages.ts';
import type { Database } from '../thread/database.ts';
import { jsonField } from '../thread/json.ts';
import { ROW_TEXT, sha256 } from './chain.ts';
import type { ChainRows, ForgottenRow } from './chain-rows.ts';
import { Rested } from './rested.ts';

/** So many go at least, because the digests of a block are written again with each that goes. */
const BATCH = 5_000;
/** Rows looked through in one transaction, and fetched at once. */
const ONCE_MAX = 20_000;
const FETCHED = 5_000;
/** What a lane needs stays up to so many times the limit; what records need is more than a year of a box with four lanes (16 million). */
const RESTORED_TIMES = 2;
const NEEDED_TIMES = 40;

/** They name no person and no plate, and rows that stay cannot be read without them. */
const LASTING = `(event LIKE '{"kind":"chain"%' OR event LIKE '{"kind":"key"%' OR event LIKE '{"kind":"epoch"%'
  OR event LIKE '{"kind":"erased"%')`;

type Row = readonly [seq: number, laneId: string, atMs: number, isLasting: 0 | 1, recordId: number | null];

/** Up to which row nothing, what a lane needs, or what a record needs is no reason to stay. */
interface Bounds {
  readonly beyond: number;
  readonly force: number;
  readonly forceAll: number;
}

export class JournalTrim {
  readonly #database: Database;
  readonly #chain: ChainRows;
  readonly #limits: Limits;
  readonly #sql;
  /** Looked through up to here. */
  #at = 0;
  #bounds: Bounds = { beyond: 0, force: 0, forceAll: 0 };

  constructor(database: Database, chain: ChainRows, limits: Limits) {
    this.#database = database;
    this.#chain = chain;
    this.#limits = limits;
    const ofBox = (expression: string, other: string) => `iif(lane_id = '', ${expression}, ${other})`;
    const about = `coalesce(${jsonField('event', '$.id')}, ${jsonField('event', '$.detail.id')})`;
    this.#sql = {
      // Two look-ups: asked for both at once, SQLite walks over all rows.
      ends: database.prepare('SELECT (SELECT min(seq) FROM journal) AS first, (SELECT max(seq) FROM journal) AS last'),
      chains: database.prepare('SELECT first FROM chain ORDER BY first DESC').pluck(),
      before: database.prepare('SELECT max(seq) FROM journal WHERE seq < ?').pluck(),
      oldest: database.prepare('SELECT at_ms FROM journal ORDER BY seq LIMIT 1').pluck(),
      rows: database
        .prepare(
          `SELECT seq, lane_id, at_ms, ${ofBox(LASTING, '0')}, ${ofBox(about, 'NULL')} FROM journal WHERE seq > ? ORDER BY seq LIMIT ${FETCHED}`,
        )
        .raw(),
      record: database.prepare('SELECT 1 FROM release WHERE id = ?').pluck(),
      newestSnapshots: database.prepare('SELECT lane_id, max(seq) FROM snapshot GROUP BY lane_id').raw(),
      text: database.prepare(`SELECT ${ROW_TEXT} FROM journal WHERE seq = ? AND link IS NOT NULL`).pluck(),
      remove: database.prepare('DELETE FROM journal WHERE seq = ?'),
      snapshots: database.prepare(
        `DELETE FROM snapshot WHERE seq < ? AND seq < (SELECT max(seq) FROM snapshot AS newer WHERE newer.lane_id = snapshot.lane_id)
           AND (lane_id, seq) NOT IN (SELECT lane_id, snapshot_seq FROM rest)`,
      ),
    };
  }

  /** `laneMs`: now. */
  trim(laneMs: number): void {
    const { first, last } = this.#sql.ends.get() as { first: number | null; last: number | null };
    if (first === null || last === null) return;
    const boxFromMs = laneMs - this.#limits.keepRecordsMs;
    this.#setBounds(first, last);
    const { beyond } = this.#bounds;
    if (first > beyond && (this.#sql.oldest.get() as number) >= boxFromMs) return;
    const rested = beyond === 0 ? undefined : new Rested(this.#database);
    const newest = new Map(this.#sql.newestSnapshots.all() as [string, number][]);
    const goes = (row: Row): boolean => this.#goes(row, boxFromMs, rested, newest);
    for (let seen = 0; seen < ONCE_MAX; seen += FETCHED) {
      const rows = this.#sql.rows.all(this.#at) as Row[];
      this.#remove(rows.filter(goes).map(([seq]) => seq));
      const [seq, , atMs] = rows.at(-1) ?? [last, '', 0];
      // Behind it nothing goes.
      const isEnd = rows.length < FETCHED || (seq > beyond && atMs >= boxFromMs);
      this.#at = isEnd ? 0 : seq;
      if (isEnd) break;
    }
    if (beyond > 0) this.#sql.snapshots.run(beyond);
  }

  #goes(
    [seq, laneId, atMs, isLasting, recordId]: Row,
    boxFromMs: number,
    rested: Rested | undefined,
    newest: ReadonlyMap<string, number>,
  ): boolean {
    const { beyond, force, forceAll } = this.#bounds;
    if (laneId === '') {
      if (isLasting === 1) return false;
      if (seq <= forceAll) return true;
      return atMs < boxFromMs && (recordId === null || this.#sql.record.get(recordId) === undefined);
    }
    if (seq > beyond || (seq > force && seq > (newest.get(laneId) ?? 0))) return false;
    return seq <= forceAll || rested?.has(laneId, seq, atMs) !== true;
  }

  /** By their numbers, which are as many as rows where none has gone: counting would walk over all of them. */
  #setBounds(first: number, last: number): void {
    const upTo = (rows: number): number => Math.max(0, this.#numberBefore(rows, first, last));
    const { journalMaxRows } = this.#limits;
    const beyond = upTo(journalMaxRows);
    this.#bounds = {
      beyond: beyond >= Math.max(this.#bounds.beyond, first - 1) + BATCH ? beyond : this.#bounds.beyond,
      force: upTo(RESTORED_TIMES * journalMaxRows),
      forceAll: upTo(NEEDED_TIMES * journalMaxRows),
    };
  }

  /** The number behind which so many lie. They leap where a chain begins, in the successor of a damaged database. */
  #numberBefore(rows: number, first: number, last: number): number {
    let [left, end] = [rows, last];
    for (const begin of [...(this.#sql.chains.all() as number[]), first]) {
      if (end - begin + 1 > left) break;
      left -= Math.max(0, end - begin + 1);
      end = (this.#sql.before.get(begin) as number | null) ?? first - 1;
    }
    return end - left;
  }

  #remove(seqs: readonly number[]): void {
    if (seqs.length === 0) return;
    // Rows of an open block have no digest to leave.
    this.#chain.seal();
    const gone: ForgottenRow[] = [];
    for (const seq of seqs) {
      const text = this.#sql.text.get(seq) as string | undefined;
      if (text !== undefined) gone.push({ seq, digest: sha256(text) });
    }
    this.#chain.forget(gone, 'expired');
    for (const seq of seqs) this.#sql.remove.run(seq);
  }
}
