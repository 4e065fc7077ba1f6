/** The journal's rows: events, settings in force, states of the engine. Runs in the store thread, inside its transaction. */

import { type BoxFact, type ChainBeginning, type ChainHead, sha256 } from '../chain/chain.ts';
import { ChainRows } from '../chain/chain-rows.ts';
import type { JournalEntry } from '../messages.ts';
import type { Moment } from '../moment.ts';
import type { Database } from './database.ts';
import type { TimelineReader } from './timeline.ts';

interface Break {
  readonly why: ChainBeginning;
  readonly former: ChainHead | undefined;
}

export class JournalRows {
  readonly chain: ChainRows;
  readonly #statements;
  readonly #timeline: TimelineReader;
  #seq: number;
  /** Why a chain is to begin with the next row. */
  #break: Break | undefined;
  #begun: (Break & { readonly id: string }) | undefined;
  readonly #floor: number;
  readonly #onFact: (fact: BoxFact, seq: number, moment: Moment) => void;

  /** `floor`: numbers begin above it, in the successor of a damaged database. `onFact` is called after each row of the box. */
  constructor(
    database: Database,
    timeline: TimelineReader,
    onFact: (fact: BoxFact, seq: number, moment: Moment) => void,
    floor = 0,
  ) {
    this.#onFact = onFact;
    this.#floor = floor;
    this.#timeline = timeline;
    this.chain = new ChainRows(database);
    this.#statements = {
      insert: database.prepare(
        'INSERT INTO journal (seq, boot_seq, lane_id, at_ms, wall_ms, event, link) VALUES (?, ?, ?, ?, ?, ?, unhex(?))',
      ),
      epoch: database.prepare('INSERT OR REPLACE INTO epoch (lane_id, seq, settings) VALUES (?, ?, ?)'),
      lastEpoch: database.prepare('SELECT settings FROM epoch WHERE lane_id = ? ORDER BY seq DESC LIMIT 1'),
      snapshot: database.prepare('INSERT OR REPLACE INTO snapshot (lane_id, seq, state) VALUES (?, ?, ?)'),
      lastSnapshot: database.prepare('SELECT seq, state FROM snapshot WHERE lane_id = ? ORDER BY seq DESC LIMIT 1'),
      beforeSnapshot: database
        .prepare(
          `SELECT snapshot.seq FROM snapshot LEFT JOIN journal ON journal.seq = snapshot.seq
            WHERE snapshot.lane_id = ? AND coalesce(journal.at_ms, 0) <= ? ORDER BY snapshot.seq DESC LIMIT 1`,
        )
        .pluck(),
      epochOf: database.prepare('SELECT seq, settings FROM epoch WHERE lane_id = ? ORDER BY seq DESC LIMIT 1'),
      one: database.prepare('SELECT 1 FROM journal WHERE seq = ?'),
      after: database.prepare(
        `SELECT seq, event FROM journal INDEXED BY journal_lane WHERE seq > ? AND lane_id = ? AND lane_id <> '' ORDER BY seq`,
      ),
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
    this.chain.read();
    // The beginning of a chain was undone as well.
    if (this.#begun !== undefined && this.#begun.id !== this.chain.id) this.#break = this.#begun;
  }

  /** The next row is the first of a chain. */
  breakChain(why: ChainBeginning, former: ChainHead | undefined): void {
    this.#break = { why, former };
  }

  write(entry: Exclude<JournalEntry, { kind: 'gap' | 'facts' }>, moment: Moment): void {
    if (entry.kind === 'event') this.#append(entry.laneId, entry.atMs, entry.wallMs, entry.event, moment);
    else if (entry.kind === 'epoch') {
      const { laneId: lane, settings } = entry;
      const last = this.#statements.lastEpoch.get(lane) as { settings: string } | undefined;
      if (last?.settings === settings) return;
      this.#statements.epoch.run(lane, this.#seq, settings);
      this.say({ kind: 'epoch', lane, seq: this.#seq, settings: sha256(settings) }, moment);
    } else this.#statements.snapshot.run(entry.laneId, this.#seq, entry.state);
  }

  /** A row of the box itself. */
  say(fact: BoxFact, moment: Moment): void {
    this.#append('', this.#timeline.laneMs(moment.nowMs), Math.round(moment.wallMs), JSON.stringify(fact), moment);
    this.#onFact(fact, this.#seq, moment);
  }

  /**
   * The numbers of the settings that a verdict given now rests on, and of the newest state of the engine that was kept before `atMs`: a replay of what
   * it is about begins there, and not at one kept while it was not decided yet. 0: none.
   */
  basis(
    laneId: string,
    atMs: number,
  ): { readonly epoch: number; readonly settings: string; readonly snapshot: number } {
    const { epochOf, beforeSnapshot } = this.#statements;
    const epoch = epochOf.get(laneId) as { seq: number; settings: string } | undefined;
    return {
      epoch: epoch?.seq ?? 0,
      settings: epoch === undefined ? '' : sha256(epoch.settings),
      snapshot: (beforeSnapshot.get(laneId, atMs) as number | undefined) ?? 0,
    };
  }

  #append(laneId: string, atMs: number, wallMs: number, event: string, moment: Moment): void {
    const broken = this.#break ?? (this.chain.id === undefined ? { why: 'new', former: undefined } : undefined);
    if (broken !== undefined) this.#beginChain(broken, moment);
    this.#seq += 1;
    const { bootSeq } = this.#timeline.boot;
    const link = this.chain.link(this.#seq, bootSeq, laneId, atMs, wallMs, event);
    this.#statements.insert.run(this.#seq, bootSeq, laneId, atMs, wallMs, event, link);
  }

  #beginChain({ why, former }: Break, moment: Moment): void {
    this.#break = undefined;
    const { id: chain, follows } = this.chain.begin(this.#seq + 1);
    this.#begun = { why, former, id: chain };
    this.say({ kind: 'chain', chain, why, ...(former && { former }), ...(follows && { follows }) }, moment);
  }

  load(laneId: string): { state: string | undefined; rows: { seq: number; event: string }[] } {
    const last = this.#statements.lastSnapshot.get(laneId) as { seq: number; state: string } | undefined;
    const rows = this.#statements.after.all(last?.seq ?? 0, laneId) as { seq: number; event: string }[];
    return { state: last?.state, rows };
  }
}

function readSeq(database: Database): number {
  return (database.prepare('SELECT max(seq) AS seq FROM journal').get() as { seq: number | null }).seq ?? 0;
}
