/** The journal's rows: events, settings in force, states of the engine. Runs in the store thread, inside its transaction. */

import type { JournalEntry } from '../messages.ts';
import type { Database } from './database.ts';

/** Journal rows per snapshot that is kept for good, so that a replay need not begin at the very first row. */
const SNAPSHOT_STRIDE = 10_000;

export class JournalRows {
  readonly #statements;
  #seq: number;

  readonly #floor: number;

  /** `floor`: numbers begin above it, in the successor of a damaged database. */
  constructor(database: Database, floor = 0) {
    this.#floor = floor;
    this.#statements = {
      insert: database.prepare(
        'INSERT INTO journal (seq, boot_seq, lane_id, at_ms, wall_ms, event) VALUES (?, ?, ?, ?, ?, ?)',
      ),
      epoch: database.prepare('INSERT OR REPLACE INTO epoch (lane_id, seq, settings) VALUES (?, ?, ?)'),
      lastEpoch: database.prepare('SELECT settings FROM epoch WHERE lane_id = ? ORDER BY seq DESC LIMIT 1'),
      snapshot: database.prepare('INSERT OR REPLACE INTO snapshot (lane_id, seq, state) VALUES (?, ?, ?)'),
      lastSnapshots: database.prepare('SELECT seq, state FROM snapshot WHERE lane_id = ? ORDER BY seq DESC LIMIT 2'),
      forgetSnapshot: database.prepare('DELETE FROM snapshot WHERE lane_id = ? AND seq = ?'),
      one: database.prepare('SELECT 1 FROM journal WHERE seq = ?'),
      after: database.prepare('SELECT seq, event FROM journal WHERE seq > ? AND lane_id = ? ORDER BY seq'),
    };
    this.#seq = Math.max(floor, readSeq(database));
  }

  /** Seq of the newest row, also of rows whose transaction has not ended. */
  get seq(): number {
    return this.#seq;
  }

  has(seq: number): boolean {
    return this.#statements.one.get(seq) !== undefined;
  }

  /** After a rollback numbering resumes from the database. */
  rewind(database: Database): void {
    this.#seq = Math.max(this.#floor, readSeq(database));
  }

  write(entry: Exclude<JournalEntry, { kind: 'gap' }>, bootSeq: number): void {
    if (entry.kind === 'event') {
      this.#seq += 1;
      this.#statements.insert.run(this.#seq, bootSeq, entry.laneId, entry.atMs, entry.wallMs, entry.event);
    } else if (entry.kind === 'epoch') {
      const last = this.#statements.lastEpoch.get(entry.laneId) as { settings: string } | undefined;
      if (last?.settings !== entry.settings) this.#statements.epoch.run(entry.laneId, this.#seq, entry.settings);
    } else this.#snapshot(entry.laneId, entry.state);
  }

  load(laneId: string): { state: string | undefined; rows: { seq: number; event: string }[] } {
    const [last] = this.#statements.lastSnapshots.all(laneId) as { seq: number; state: string }[];
    const rows = this.#statements.after.all(last?.seq ?? 0, laneId) as { seq: number; event: string }[];
    return { state: last?.state, rows };
  }

  #snapshot(laneId: string, state: string): void {
    const [last, before] = this.#statements.lastSnapshots.all(laneId) as { seq: number }[];
    this.#statements.snapshot.run(laneId, this.#seq, state);
    if (last === undefined || last.seq === this.#seq) return;
    const newBlock = before === undefined || block(last.seq) !== block(before.seq);
    if (!newBlock) this.#statements.forgetSnapshot.run(laneId, last.seq);
  }
}

const block = (seq: number): number => Math.floor(seq / SNAPSHOT_STRIDE);

function readSeq(database: Database): number {
  return (database.prepare('SELECT max(seq) AS seq FROM journal').get() as { seq: number | null }).seq ?? 0;
}
