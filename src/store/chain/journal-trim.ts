/**
 * What goes of the journal, and when: beyond the limit of rows the oldest, except what is needed. What a record rests on stays as long as the record,
 * and so do the rows of the box about it; without a record these go with their retention. Runs in the store thread, inside its transaction.
 */

import type { Limits } from '../messages.ts';
import type { Database } from '../thread/database.ts';
import { jsonField } from '../thread/json.ts';
import { ROW_TEXT, sha256 } from './chain.ts';
import type { ChainRows, ForgottenRow } from './chain-rows.ts';

const BATCH = 5_000;
/** Rows deleted in one transaction: each is hashed before. */
const ONCE_MAX = 50_000;
/** Rows looked through at once for old ones of the box. */
const STRIDE = 20_000;

/** They name no person and no plate, and rows that stay cannot be read without them. */
const LASTING = `(event LIKE '{"kind":"chain"%' OR event LIKE '{"kind":"key"%' OR event LIKE '{"kind":"epoch"%'
  OR event LIKE '{"kind":"erased"%')`;
const OF_A_RECORD = `EXISTS (SELECT 1 FROM release
  WHERE release.id = coalesce(${jsonField('event', '$.id')}, ${jsonField('event', '$.detail.id')}))`;
const RESTED_ON = `EXISTS (SELECT 1 FROM rest WHERE rest.lane_id = journal.lane_id AND journal.at_ms <= until_ms
  AND (journal.seq > snapshot_seq OR journal.at_ms >= from_ms))`;
const NEEDED = `CASE lane_id WHEN '' THEN at_ms >= @boxFromMs OR ${LASTING} OR ${OF_A_RECORD} ELSE ${RESTED_ON} END`;
/** A lane restores its state from its newest snapshot and what came after it. */
const RESTORED_FROM = `lane_id <> '' AND
  seq > coalesce((SELECT max(seq) FROM snapshot WHERE snapshot.lane_id = journal.lane_id), 0)`;

export class JournalTrim {
  readonly #chain: ChainRows;
  readonly #limits: Limits;
  readonly #sql;
  /** Rows of the box up to here have been looked through in this run. */
  #boxUpTo = 0;

  constructor(database: Database, chain: ChainRows, limits: Limits) {
    this.#chain = chain;
    this.#limits = limits;
    const picked = (which: string) => ({
      rows: database.prepare(
        `SELECT seq, ${ROW_TEXT} AS text FROM journal WHERE link IS NOT NULL AND ${which} ORDER BY seq LIMIT ${ONCE_MAX}`,
      ),
      remove: database.prepare(`DELETE FROM journal WHERE ${which}`),
    });
    this.#sql = {
      ends: database.prepare('SELECT min(seq) AS first, max(seq) AS last FROM journal'),
      after: database.prepare('SELECT seq FROM journal ORDER BY seq DESC LIMIT 1 OFFSET ?').pluck(),
      // What a lane needs stays up to twice the limit, what records need up to four times.
      beyond: picked(
        `seq <= @upTo AND (seq <= @force OR NOT (${RESTORED_FROM})) AND ((seq <= @forceAll AND NOT ${LASTING}) OR NOT (${NEEDED}))`,
      ),
      oldOfBox: picked(
        `seq > @after AND seq <= @upTo AND lane_id = '' AND at_ms < @boxFromMs AND NOT ${LASTING} AND NOT ${OF_A_RECORD}`,
      ),
      from: database.prepare('SELECT min(seq) FROM journal WHERE seq > ?').pluck(),
      oldUpTo: database.prepare('SELECT max(seq) FROM journal WHERE seq > ? AND seq <= ? AND at_ms < ?').pluck(),
      snapshots: database.prepare(
        `DELETE FROM snapshot WHERE seq < ? AND seq < (SELECT max(seq) FROM snapshot AS newer WHERE newer.lane_id = snapshot.lane_id)
           AND NOT EXISTS (SELECT 1 FROM rest WHERE rest.lane_id = snapshot.lane_id AND snapshot_seq = snapshot.seq)`,
      ),
    };
  }

  /** `laneMs`: now. */
  trim(laneMs: number): void {
    const boxFromMs = laneMs - this.#limits.keepRecordsMs;
    this.#trimBox(boxFromMs);
    const { first, last } = this.#sql.ends.get() as { first: number | null; last: number | null };
    const { journalMaxRows } = this.#limits;
    if (first === null || last === null || last - first + 1 < journalMaxRows + BATCH) return;
    // Counted, because numbers leap in the successor of a damaged database.
    const seqAfter = (rows: number) => this.#sql.after.get(rows) as number | undefined;
    if (seqAfter(journalMaxRows + BATCH - 1) === undefined) return;
    const upTo = seqAfter(journalMaxRows) as number;
    const force = seqAfter(2 * journalMaxRows) ?? 0;
    this.#remove(this.#sql.beyond, { upTo, force, forceAll: seqAfter(4 * journalMaxRows) ?? 0, boxFromMs });
    this.#sql.snapshots.run(upTo);
  }

  #trimBox(boxFromMs: number): void {
    const from = this.#sql.from.get(this.#boxUpTo) as number | null;
    if (from === null) return;
    const upTo = this.#sql.oldUpTo.get(from - 1, from + STRIDE, boxFromMs) as number | null;
    if (upTo === null) return;
    this.#remove(this.#sql.oldOfBox, { after: from - 1, upTo, boxFromMs });
    this.#boxUpTo = upTo;
  }

  #remove({ rows, remove }: { rows: Query; remove: Query }, which: Readonly<Record<string, number>>): void {
    // Rows of an open block have no digest to leave.
    this.#chain.seal();
    const gone: ForgottenRow[] = [];
    for (const { seq, text } of rows.iterate(which) as IterableIterator<{ seq: number; text: string }>)
      gone.push({ seq, digest: sha256(text) });
    this.#chain.forget(gone, 'expired');
    // The next time goes on with the rest.
    const last = gone.length < ONCE_MAX ? undefined : gone.at(-1)?.seq;
    remove.run(last === undefined ? which : { ...which, upTo: last });
  }
}

type Query = ReturnType<Database['prepare']>;
