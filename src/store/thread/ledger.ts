/**
 * An open database with everything on it: carries out one request after the other inside a transaction that somebody else begins and
 * ends. It knows no thread and no message port, and decides nothing about disk trouble.
 */
import { randomInt } from 'node:crypto';
import { join } from 'node:path';
import type { JournalEntry, Moment, Operations, Reply, ThreadOptions, ThreadRequest } from '../messages.ts';
import type { StoreNotice } from '../notice.ts';
import { Ballast } from './ballast.ts';
import { BesideRows } from './beside-rows.ts';
import { type Database, migrate, openDatabase } from './database.ts';
import { Space } from './disk-space.ts';
import { FrameFolder } from './frames.ts';
import { type Life, readLife, writeLife } from './heartbeat.ts';
import { LookRows } from './history-rows.ts';
import { Incidents } from './incidents.ts';
import { JournalRows } from './journal-rows.ts';
import { ObservationRows } from './observation-rows.ts';
import { OutboxRows } from './outbox-rows.ts';
import { makeFolder } from './owner.ts';
import { placeOf } from './picture-buffers.ts';
import { ReviewRows } from './review-rows.ts';
import { isKnown, type KnownWall, TimelineReader } from './timeline.ts';

export const DATABASE_FILE = 'lanewarden.db';
const LIFE_FILE = 'alive';
const FRAMES_FOLDER = 'frames';

type Operation = Exclude<keyof Operations, 'close'>;

/** Where the numbers of a database begin that takes the place of a damaged one: above all that may still be in somebody's hands. */
export interface Successor {
  readonly bootSeq: number;
  readonly journalSeq: number;
  readonly recordId: number;
  /** None yet when the database was given up in the middle of a run. */
  readonly incidentId?: number;
  /** What the process knew when it happened in the middle of a run. */
  readonly life?: Life;
  readonly wall?: KnownWall;
}

export class Ledger {
  readonly database: Database;
  readonly timeline: TimelineReader;
  readonly frames: FrameFolder;
  readonly space: Space;
  readonly outbox: OutboxRows;
  readonly incidents: Incidents;
  readonly #options: ThreadOptions;
  readonly #notice: (notice: StoreNotice) => void;
  readonly #journal: JournalRows;
  readonly #statements;
  readonly #operations: Readonly<Record<Operation, (moment: Moment, ...rest: never[]) => unknown>>;

  private constructor(
    options: ThreadOptions,
    database: Database,
    timeline: TimelineReader,
    notice: (notice: StoreNotice) => void,
    successor: Successor | undefined,
  ) {
    this.database = database;
    this.timeline = timeline;
    this.#options = options;
    this.#notice = notice;
    this.#statements = { begin: database.prepare('BEGIN IMMEDIATE'), commit: database.prepare('COMMIT') };
    this.frames = new FrameFolder(join(options.path, FRAMES_FOLDER));
    this.#journal = new JournalRows(database, successor?.journalSeq);
    const parts = { database, frames: this.frames, timeline, limits: options.limits };
    this.space = new Space(parts, new Ballast(options, notice), notice);
    this.incidents = new Incidents(database, timeline, successor?.incidentId ?? 0);
    const context = {
      ...parts,
      idFloor: successor?.recordId ?? 0,
      roomFor: (bytes: number, what: 'picture' | 'beside') => this.space.roomFor(bytes, what),
    };
    this.outbox = new OutboxRows(context);
    const beside = new BesideRows(context, this.outbox);
    this.#operations = this.#table(beside, new ReviewRows(context, this.outbox, beside, this.incidents));
  }

  /** Throws what the disk throws, or StoreError `newer`. */
  static open(
    options: ThreadOptions,
    moment: Moment,
    notice: (notice: StoreNotice) => void,
    successor?: Successor,
  ): Ledger {
    makeFolder(options.path);
    const found = readLife(join(options.path, LIFE_FILE));
    const database = openDatabase(join(options.path, DATABASE_FILE));
    try {
      const migrated = migrate(database);
      if (migrated !== undefined && migrated.from > 0) notice({ kind: 'migrated', ...migrated });
      const start = {
        bootId: options.bootId,
        moment,
        wallTrusted: options.wallTrusted,
        life: successor?.life ?? found.life,
        unclean: found.exists && found.life?.clean !== true,
        ...(successor === undefined ? {} : { successor }),
      };
      if (!options.tool && boxIdOf(database) === 0) database.pragma(`application_id = ${randomInt(1, 2 ** 31)}`);
      const timeline = options.tool ? TimelineReader.follow(database, start) : TimelineReader.begin(database, start);
      const ledger = new Ledger(options, database, timeline, notice, successor);
      ledger.outbox.correct();
      return ledger;
    } catch (error) {
      database.close();
      throw error;
    }
  }

  /** Of this run, for serials. `boxId`: a random number in the head of the database; 0 where only tools have opened it. */
  get identity(): Pick<Extract<Reply, { kind: 'ready' }>, 'boot' | 'boots' | 'boxId'> {
    const { boot, boots } = this.timeline;
    return { boot, boots, boxId: boxIdOf(this.database) };
  }

  /** Where a successor's numbers begin, when this database is given up in the middle of a run. */
  succession(moment: Moment): Successor {
    return {
      bootSeq: this.timeline.boot.bootSeq + 1,
      journalSeq: this.#journal.seq,
      recordId: this.outbox.lastIdSeen,
      life: this.life(moment, false),
      wall: this.timeline.knownWall,
    };
  }

  /** Of the newest row, also of one whose transaction has not ended. */
  get journalSeq(): number {
    return this.#journal.seq;
  }

  hasJournalRow(seq: number): boolean {
    return this.#journal.has(seq);
  }

  /** Journal entries first, then what was asked. */
  execute(request: ThreadRequest): unknown {
    for (const entry of request.journal) this.#write(entry, request.moment);
    if (request.name === 'close') return undefined;
    return this.#operations[request.name](request.moment, ...(request.arguments as never[]));
  }

  /** Goes on with the transaction that lazy requests have left open, if there is one. */
  begin(): void {
    if (!this.database.inTransaction) this.#statements.begin.run();
  }

  commit(): void {
    this.#statements.commit.run();
    this.space.committed();
  }

  rollback(): void {
    if (this.database.inTransaction) this.database.exec('ROLLBACK');
    this.#journal.rewind(this.database);
    this.outbox.rewind();
    this.space.measure();
  }

  /** Removes files without a row, or keeps them in a folder. Not while a damaged database, whose rows may still refer to them, is being read. */
  sweep(keepIn?: string): number {
    const files = 'SELECT frame_file FROM release WHERE frame_file IS NOT NULL UNION ALL SELECT frame_file FROM beside';
    const kept = new Set(this.database.prepare(files).pluck().all() as string[]);
    return this.frames.sweep((name) => kept.has(name), keepIn);
  }

  life(moment: Moment, clean: boolean): Life {
    return {
      bootId: this.#options.bootId,
      nowMs: Math.floor(moment.nowMs),
      wallMs: Math.round(moment.wallMs),
      laneMs: this.timeline.laneMs(moment.nowMs),
      wallTrusted: isKnown(this.timeline.quality),
      clean,
    };
  }

  /** A sign of life; durable where the mark itself matters. */
  beat(moment: Moment, mark: 'running' | 'started' | 'clean' = 'running'): void {
    if (this.#options.tool) return;
    writeLife(join(this.#options.path, LIFE_FILE), this.life(moment, mark === 'clean'), mark !== 'running');
  }

  close(): void {
    this.database.close();
  }

  #write(entry: JournalEntry, moment: Moment): void {
    if (entry.kind !== 'gap') this.#journal.write(entry, this.timeline.boot.bootSeq);
    else {
      this.incidents.add('gap', { events: entry.events }, moment);
      this.#notice({ kind: 'gap', events: entry.events });
    }
  }

  #synced(nowMs: number, wallMs: number, source: string): void {
    const byMs = Math.round(wallMs - nowMs) - this.timeline.wallOffsetMs;
    this.timeline.synced(nowMs, wallMs, source);
    const records = this.outbox.correct();
    if (records > 0 || Math.abs(byMs) > 1_000) this.#notice({ kind: 'corrected', records, byMs, source });
  }

  #table(
    beside: BesideRows,
    review: ReviewRows,
  ): Readonly<Record<Operation, (moment: Moment, ...rest: never[]) => unknown>> {
    const { outbox } = this;
    const looks = new LookRows(this.database, this.frames, this.timeline);
    const observations = new ObservationRows(this.database, this.timeline);
    return {
      beat: () => undefined,
      flush: () => undefined,
      load: (_, laneId) => this.#journal.load(laneId),
      put: (moment, record, serials) => outbox.put(record, serials, moment),
      attach: (moment, id, picture) => outbox.attach(id, picture, moment),
      beside: (moment, id, place, frame) => beside.keep(id, place, frame, moment),
      due: (moment, limit, order, afterId) => outbox.due(limit, order, afterId, moment),
      nextDueMs: (_, laterThanMs) => outbox.nextDueMs(laterThanMs),
      picture: (_, id) => outbox.picture(id),
      besidePicture: (_, id, place) => beside.picture(id, place),
      sending: (moment, id, place) =>
        outbox.sending(id, typeof place === 'number' ? placeOf(this.#options.lending, place) : place, moment),
      unsent: (_, id) => outbox.unsent(id),
      delivered: (moment, id, answer) => outbox.delivered(id, answer, moment),
      retry: (moment, id, afterMs, why, details) => outbox.retry(id, afterMs, why, details, moment),
      settle: (moment, id, state, why, details) => outbox.settle(id, state, why, details, moment),
      withdraw: (moment, laneId, releaseId, why) => outbox.withdraw(laneId, releaseId, why, moment),
      counts: () => outbox.counts(),
      list: (_, filter) => review.list(filter),
      get: (_, id) => review.get(id),
      causes: () => review.causes(),
      requeue: (moment, id, who) => review.requeue(id, who, moment),
      requeueAll: (moment, states, who) => review.requeueAll(states, who, moment),
      correct: (moment, id, changes, who, why) => review.correct(id, changes, who, why, moment),
      drop: (moment, id, who, why) => review.drop(id, who, why, moment),
      around: (_, laneId, fromMs, toMs) => looks.around(laneId, fromMs, toMs),
      room: (moment) => looks.room(moment),
      observe: (moment, laneId, gap) => observations.observe(laneId, gap, moment),
      observations: (_, limit) => observations.newest(limit),
      adopt: (moment, record, pictures) => review.adopt(record, pictures, moment),
      synced: (_, nowMs, wallMs, source) => this.#synced(nowMs, wallMs, source),
      stepped: (moment, byMs) => {
        this.timeline.stepped();
        this.incidents.add('clockStep', { byMs }, moment);
      },
    } satisfies {
      [Name in Operation]: (moment: Moment, ...rest: Parameters<Operations[Name]>) => ReturnType<Operations[Name]>;
    };
  }
}

function boxIdOf(database: Database): number {
  return database.pragma('application_id', { simple: true }) as number;
}
