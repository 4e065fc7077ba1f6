/**
 * What goes of the journal, and when: of each lane what is older than its time or more than its bytes, except what is needed. What a record rests on
 * stays as long as the record, and so do the rows of the box about it; without a record these go with their retention. Runs in the store thread, in
 * parts: each reads a megabyte at most, in a transaction of its own, while requests go on between them.
 */

import type { Limits } from '../messages.ts';
import type { Moment } from '../moment.ts';
import type { Database } from '../thread/database.ts';
import { jsonField } from '../thread/json.ts';
import { type BoxFact, ROW_TEXT, sha256 } from './chain.ts';
import type { ChainRows, ForgottenRow } from './chain-rows.ts';
import { LaneSizes, ROW_BYTES } from './lane-sizes.ts';
import { Rested } from './rested.ts';
import type { RowFacts } from './row-facts.ts';

/** Time goes in such steps: the digests of a block are written again with each row of it that goes. */
const STEP_MS = 3_600_000;
/** Rows looked through in one part; and snapshots, which are found in an index. */
const AT_ONCE = 1_000;
const SNAPSHOTS_AT_ONCE = 500;
/** Of a lane's rows that lie between those of others: each may be a page. */
const SCATTERED_AT_ONCE = 400;
/** What a lane needs to find its state stays so many times longer than the rest. */
const RESTORED_TIMES = 2;
/** More than needed goes, so that not every row costs a look. */
const FULL_SHARE = 0.95;
/** Journal rows per snapshot that is kept for good, so that a replay need not begin at the very first row. */
const SNAPSHOT_STRIDE = 10_000;

/** They name no person and no plate, and rows that stay cannot be read without them. */
const LASTING = `(event LIKE '{"kind":"chain"%' OR event LIKE '{"kind":"key"%' OR event LIKE '{"kind":"epoch"%'
  OR event LIKE '{"kind":"erased"%' OR event LIKE '{"kind":"tables"%')`;

const ROWS = `iif(event LIKE '{"kind":"rows"%', event, NULL)`;

type Row = readonly [
  seq: number,
  laneId: string,
  atMs: number,
  bytes: number,
  isLasting: 0 | 1,
  recordId: number | null,
  /** The event of one that names rows of other tables. */
  rows: string | null,
];

/** Before which moment a row of a lane goes, what a lane needs goes, a row of the box goes; and up to which row everything goes. */
interface Bounds {
  readonly laneMs: number;
  readonly forceMs: number;
  readonly boxMs: number;
  readonly forceAll: number;
}

export interface TrimParts {
  readonly database: Database;
  readonly chain: ChainRows;
  readonly limits: Limits;
  readonly rows: RowFacts;
  readonly say: (fact: BoxFact, moment: Moment) => void;
}

export class JournalTrim {
  readonly #database: Database;
  readonly #chain: ChainRows;
  readonly #limits: Limits;
  readonly #rowFacts: RowFacts;
  readonly #say: (fact: BoxFact, moment: Moment) => void;
  #moment: Moment = { nowMs: 0, wallMs: 0 };
  /** What is younger goes for want of room only. */
  #youngMs = 0;
  readonly #sizes: LaneSizes;
  readonly #sql;
  #lastStep = Number.NaN;

  constructor(parts: TrimParts) {
    const { database } = parts;
    this.#database = database;
    this.#chain = parts.chain;
    this.#limits = parts.limits;
    this.#rowFacts = parts.rows;
    this.#say = parts.say;
    this.#sizes = new LaneSizes(database);
    const ofBox = (expression: string, other: string) => `iif(lane_id = '', ${expression}, ${other})`;
    const about = `coalesce(${jsonField('event', '$.id')}, ${jsonField('event', '$.detail.id')})`;
    const columns = `seq, lane_id, at_ms, octet_length(event) + ${ROW_BYTES}, ${ofBox(LASTING, '0')}, ${ofBox(about, 'NULL')}, ${ofBox(ROWS, 'NULL')}`;
    this.#sql = {
      // Two look-ups: asked for both at once, SQLite walks over all rows.
      ends: database.prepare('SELECT (SELECT min(seq) FROM journal) AS first, (SELECT max(seq) FROM journal) AS last'),
      chains: database.prepare('SELECT first FROM chain ORDER BY first DESC').pluck(),
      before: database.prepare('SELECT max(seq) FROM journal WHERE seq < ?').pluck(),
      rows: database.prepare(`SELECT ${columns} FROM journal WHERE seq > ? ORDER BY seq LIMIT ${AT_ONCE}`).raw(),
      rowsOfLane: database
        .prepare(
          `SELECT ${columns} FROM journal INDEXED BY journal_lane WHERE lane_id = ? AND lane_id <> '' AND seq > ?
           ORDER BY seq LIMIT ${SCATTERED_AT_ONCE}`,
        )
        .raw(),
      record: database.prepare('SELECT 1 FROM release WHERE id = ?').pluck(),
      newestSnapshot: database.prepare('SELECT max(seq) FROM snapshot WHERE lane_id = ?').pluck(),
      snapshots: database
        .prepare(`SELECT seq FROM snapshot WHERE lane_id = ? AND seq > ? ORDER BY seq LIMIT ${SNAPSHOTS_AT_ONCE}`)
        .pluck(),
      forgetSnapshot: database.prepare('DELETE FROM snapshot WHERE lane_id = ? AND seq = ?'),
      text: database.prepare(`SELECT ${ROW_TEXT} FROM journal WHERE seq = ? AND link IS NOT NULL`).pluck(),
      remove: database.prepare('DELETE FROM journal WHERE seq = ?'),
    };
  }

  /** All of it, in parts. `laneMs`: now. */
  *trim(moment: Moment, laneMs: number): Generator<undefined> {
    this.#moment = moment;
    yield* this.#sizes.count();
    // What was decided for this step stays decided.
    const step = Math.floor(laneMs / STEP_MS);
    if (step === this.#lastStep) return;
    this.#lastStep = step;
    const { first, last } = this.#sql.ends.get() as { first: number | null; last: number | null };
    if (first === null || last === null) return;
    const rested = new Rested(this.#database);
    while (rested.read()) yield;
    this.#youngMs = step * STEP_MS - Math.min(this.#limits.keepJournalMs, this.#limits.keepRecordsMs);
    const newest = new Map(
      this.#sizes.lanes().map((lane) => [lane, (this.#sql.newestSnapshot.get(lane) as number | null) ?? 0]),
    );
    const beyond = yield* this.#byTime(this.#bounds(step * STEP_MS, first, last), rested, newest);
    for (const { laneId, bytes } of this.#sizes.above(this.#limits.journalMaxBytes))
      yield* this.#byBytes(laneId, bytes, rested, newest.get(laneId) ?? 0);
    for (const [laneId, seq] of newest) yield* this.#thin(laneId, beyond, seq, rested);
  }

  #bounds(stepMs: number, first: number, last: number): Bounds {
    const { keepJournalMs, keepRecordsMs, journalMaxRows } = this.#limits;
    return {
      laneMs: stepMs - keepJournalMs,
      forceMs: stepMs - RESTORED_TIMES * keepJournalMs,
      boxMs: stepMs - keepRecordsMs,
      forceAll: this.#numberBefore(journalMaxRows, first, last),
    };
  }

  /** Returns the number of the first row that is too young. */
  *#byTime(bounds: Bounds, rested: Rested, newest: ReadonlyMap<string, number>): Generator<undefined, number> {
    const { laneMs, boxMs, forceAll } = bounds;
    for (let at = 0; ; ) {
      while (rested.read());
      const rows = this.#sql.rows.all(at) as Row[];
      const young = rows.findIndex(([seq, , atMs]) => seq > forceAll && atMs >= laneMs && atMs >= boxMs);
      const old = young === -1 ? rows : rows.slice(0, young);
      this.#remove(old.filter((row) => this.#goes(row, bounds, rested, newest)));
      this.#rowFacts.sayAgain(this.#moment);
      at = old.at(-1)?.[0] ?? at;
      if (young !== -1 || rows.length < AT_ONCE) return at + 1;
      yield;
    }
  }

  #goes(
    [seq, laneId, atMs, , isLasting, recordId, rows]: Row,
    { laneMs, forceMs, boxMs, forceAll }: Bounds,
    rested: Rested,
    newest: ReadonlyMap<string, number>,
  ): boolean {
    if (laneId === '') {
      if (isLasting === 1) return false;
      if (rows !== null) return (seq <= forceAll || atMs < boxMs) && !this.#rowFacts.isNeeded(seq, rows, this.#moment);
      if (seq <= forceAll) return true;
      return atMs < boxMs && (recordId === null || this.#sql.record.get(recordId) === undefined);
    }
    if (seq <= forceAll) return true;
    if (atMs >= laneMs || (atMs >= forceMs && seq > (newest.get(laneId) ?? 0))) return false;
    return !rested.has(laneId, seq, atMs);
  }

  /** The oldest rows of a lane that takes too much, but nothing that it needs to find its state. */
  *#byBytes(laneId: string, bytes: number, rested: Rested, newest: number): Generator<undefined> {
    let excess = bytes - FULL_SHARE * this.#limits.journalMaxBytes;
    for (let at = 0; excess > 0; ) {
      while (rested.read());
      const rows = this.#sql.rowsOfLane.all(laneId, at) as Row[];
      const going: Row[] = [];
      for (const row of rows) {
        const [seq, , atMs, each] = row;
        if (excess <= 0 || seq > newest) break;
        if (rested.has(laneId, seq, atMs)) continue;
        going.push(row);
        excess -= each;
      }
      this.#remove(going);
      at = rows.at(-1)?.[0] ?? at;
      if (rows.length < SCATTERED_AT_ONCE || at > newest) return;
      yield;
    }
  }

  /** States of the engine: of those that no record rests on one a stride stays, and none of before the rows. */
  *#thin(laneId: string, beyond: number, newest: number, rested: Rested): Generator<undefined> {
    let kept = Number.NaN;
    for (let at = -1; ; ) {
      while (rested.read());
      const seqs = this.#sql.snapshots.all(laneId, at) as number[];
      for (const seq of seqs) {
        const isOneMore = seq < beyond || stride(seq) === stride(kept);
        if (seq !== newest && isOneMore && !rested.hasSnapshot(laneId, seq)) this.#sql.forgetSnapshot.run(laneId, seq);
        else kept = seq;
      }
      if (seqs.length < SNAPSHOTS_AT_ONCE) return;
      at = seqs.at(-1) as number;
      yield;
    }
  }

  /** The number behind which so many rows lie, by their numbers: these leap where a chain begins, in the successor of a damaged database. */
  #numberBefore(rows: number, first: number, last: number): number {
    let [left, end] = [rows, last];
    for (const begin of [...(this.#sql.chains.all() as number[]), first]) {
      if (end - begin + 1 > left) break;
      left -= Math.max(0, end - begin + 1);
      end = (this.#sql.before.get(begin) as number | null) ?? first - 1;
    }
    return end - left;
  }

  #remove(going: readonly Row[]): void {
    // Numbers go on behind the newest row.
    const { last } = this.#sql.ends.get() as { last: number };
    const rows = going.filter(([seq]) => seq < last);
    if (rows.length === 0) return;
    const [through] = rows.findLast(([, , atMs]) => atMs >= this.#youngMs) ?? [];
    if (through !== undefined) this.#say({ kind: 'trimmed', through }, this.#moment);
    // Rows of an open block have no digest to leave.
    this.#chain.seal();
    const gone: ForgottenRow[] = [];
    for (const [seq] of rows) {
      const text = this.#sql.text.get(seq) as string | undefined;
      if (text !== undefined) gone.push({ seq, digest: sha256(text) });
    }
    this.#chain.forget(gone, 'expired');
    for (const [seq, laneId, , bytes] of rows) {
      this.#sql.remove.run(seq);
      if (laneId !== '') this.#sizes.removed(laneId, seq, bytes);
    }
  }
}

const stride = (seq: number): number => Math.floor(seq / SNAPSHOT_STRIDE);
