/**
 * An open database and its operations: executes requests one after the other inside a transaction that the caller begins and ends. It knows no
 * thread and no message port, and decides nothing about disk faults.
 */
import { randomInt } from 'node:crypto';
import { join } from 'node:path';
import type { BoxFact, ChainHead } from '../chain/chain.ts';
import { breakOf } from '../chain/chain-rows.ts';
import { Erasure } from '../chain/erasure.ts';
import { RowFacts, TouchedRows } from '../chain/row-facts.ts';
import type { JournalEntry, Operations, Reply, ThreadOperations, ThreadOptions, ThreadRequest } from '../messages.ts';
import type { Moment } from '../moment.ts';
import type { StoreNotice } from '../notice.ts';
import type { BoxReport } from '../observation.ts';
import { ObservationRows } from '../observations/observation-rows.ts';
import { OutboundRows } from '../outbound/outbound-rows.ts';
import { Ballast } from './ballast.ts';
import { BesideRows } from './beside-rows.ts';
import { besideTheQueue } from './beside-the-queue.ts';
import { DATABASE_FILE, type Database, migrate, openDatabase } from './database.ts';
import { Space } from './disk-space.ts';
import { FrameFolder } from './frames.ts';
import { LIFE_FILE, type Life, readLife, writeLife } from './heartbeat.ts';
import { LookRows } from './history-rows.ts';
import { Incidents } from './incidents.ts';
import { JournalRows } from './journal-rows.ts';
import { OutboxRows } from './outbox-rows.ts';
import { makeFolder } from './owner.ts';
import { placeOf } from './picture-buffers.ts';
import { ReviewRows } from './review-rows.ts';
import { mendSchema, rebuildQueue } from './schema-guard.ts';
import { isKnown, type KnownWall, TimelineReader } from './timeline.ts';

const FRAMES_FOLDER = 'frames';

/** As `execute` calls them, by a name that it is given. */
type Calls = Readonly<Record<keyof ThreadOperations, (moment: Moment, ...rest: never[]) => unknown>>;

/** Where the numbers begin in the successor of a damaged database: above all that may still be in use. */
export interface Successor {
  readonly bootSeq: number;
  readonly journalSeq: number;
  readonly recordId: number;
  /** None when the database was replaced in the middle of a run. */
  readonly incidentId?: number;
  readonly observationId?: number;
  /** Known to the process when that happened in the middle of a run. */
  readonly life?: Life;
  /** The last head of the one before. */
  readonly chain?: ChainHead;
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
  readonly #observations: ObservationRows;
  readonly #outbound: OutboundRows;
  readonly #say: (fact: BoxFact, moment: Moment) => void;
  readonly #touched: TouchedRows;
  readonly #rows: RowFacts;
  /** Of the last request. */
  #moment: Moment;
  /** Rows of the box that go with the next change: of the start, and of what a full disk could not take. */
  #unsaid: BoxFact[] = [];
  /** Of the open transaction. */
  #said: BoxFact[] = [];
  /** Changes when another process has written. */
  #dataVersion: unknown;
  #committedHead: ChainHead | undefined;
  #isErasing = false;
  #owedMs: number | undefined;
  /** Until the lanes have begun: a start that ends before them has seen nothing. */
  #blindSinceMs: number | undefined;
  /** By the last sign of life all before it was on the disk. */
  #keptUntilMs: number | undefined;
  #toldSchema: readonly string[] = [];
  readonly #statements;
  readonly #operations: Calls;

  private constructor(
    options: ThreadOptions,
    database: Database,
    timeline: TimelineReader,
    touched: TouchedRows,
    notice: (notice: StoreNotice) => void,
    successor: Successor | undefined,
  ) {
    this.database = database;
    this.#touched = touched;
    this.#moment = options.moment;
    this.timeline = timeline;
    const { blindMs, startMs } = timeline.boot;
    this.#blindSinceMs =
      successor?.life === undefined ? Math.floor(timeline.laneMs(startMs) - blindMs) : successor.life.blindSinceMs;
    this.#options = options;
    this.#notice = notice;
    this.#statements = {
      begin: database.prepare('BEGIN IMMEDIATE'),
      commit: database.prepare('COMMIT'),
      version: database.prepare('PRAGMA data_version').pluck(),
    };
    this.#dataVersion = this.#statements.version.get();
    this.frames = new FrameFolder(join(options.path, FRAMES_FOLDER));
    const say = (fact: BoxFact, moment: Moment) => this.#journal.say(fact, moment);
    const outbound = new OutboundRows(database);
    this.#outbound = outbound;
    const kept = (id: number, wallMs: number) => outbound.add('observation', wallMs, id);
    this.#observations = new ObservationRows({ database, timeline, say, kept }, successor?.observationId ?? 0);
    const onFact: ObservationRows['reportFact'] = (fact, seq, moment) => {
      outbound.note(fact, moment, this.#journal.chain.newest);
      this.#observations.reportFact(fact, seq, moment);
    };
    this.#journal = new JournalRows(database, timeline, onFact, successor?.journalSeq);
    this.#committedHead = this.#journal.chain.head;
    const { keepRecordsMs: recordsMs, keepJournalMs: journalMs } = options.limits;
    this.#rows = new RowFacts(
      database,
      touched,
      options.tool ? undefined : { recordsMs, journalMs },
      (fact, moment) => {
        say(fact, moment);
        return this.#journal.seq;
      },
    );
    const { chain } = this.#journal;
    const parts = { database, frames: this.frames, timeline, limits: options.limits, chain, rows: this.#rows, say };
    this.space = new Space(parts, new Ballast(options, notice), notice);
    this.incidents = new Incidents(database, timeline, successor?.incidentId ?? 0, say);
    const context = {
      ...parts,
      version: options.version,
      basis: (...about: Parameters<JournalRows['basis']>) => this.#journal.basis(...about),
      idFloor: successor?.recordId ?? 0,
      roomFor: (bytes: number, what: 'picture' | 'beside') => this.space.roomFor(bytes, what),
      together: (work: () => void) => this.#together(work),
    };
    this.outbox = new OutboxRows(context);
    const beside = new BesideRows(context, this.outbox);
    this.#say = say;
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
      // A statement that fires a trigger keeps a journal of its own: in a file it takes ten times as long. A migration may sort more than memory holds.
      database.pragma('temp_store = MEMORY');
      const start = {
        bootId: options.bootId,
        moment,
        wallTrusted: options.wallTrusted,
        life: successor?.life ?? found.life,
        unclean: found.exists && found.life?.clean !== true,
        ...(successor === undefined ? {} : { successor }),
      };
      if (!options.tool && boxIdOf(database) === 0) database.pragma(`application_id = ${randomInt(1, 2 ** 31)}`);
      // A row that changes and what the chain says of it stand or fall together. A tool does not wait for the program to end a commit.
      if (!options.tool) database.exec('BEGIN IMMEDIATE');
      const mended = options.tool ? [] : mendSchema(database);
      const touched = new TouchedRows(database);
      const timeline = options.tool ? TimelineReader.follow(database, start) : TimelineReader.begin(database, start);
      const ledger = new Ledger(options, database, timeline, touched, notice, successor);
      ledger.#startChain(found, successor);
      ledger.#tellMended(mended);
      const { aheadMs } = timeline;
      if (!options.tool && aheadMs !== undefined) ledger.report({ why: 'rewritten', detail: { aheadMs } }, moment);
      if (ledger.#rows.isNew) {
        ledger.begin('update');
        ledger.#rows.introduce(moment);
      }
      // A tool's clock may be that of another machine.
      if (!options.tool) ledger.outbox.begin(moment, start.life);
      if (database.inTransaction) ledger.commit();
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

  /** Where the numbers of a successor begin, when this database is replaced in the middle of a run. */
  succession(moment: Moment): Successor {
    return {
      bootSeq: this.timeline.boot.bootSeq + 1,
      journalSeq: this.#journal.seq,
      recordId: this.outbox.lastIdSeen,
      life: this.life(moment, false),
      ...(this.#committedHead && { chain: this.#committedHead }),
      wall: this.timeline.knownWall,
    };
  }

  /** How long a settled record stays, in lane time. */
  get keepRecordsMs(): number {
    return this.#options.limits.keepRecordsMs;
  }

  /** Of the newest row, also of one whose transaction has not ended. */
  get journalSeq(): number {
    return this.#journal.seq;
  }

  hasJournalRow(seq: number): boolean {
    return this.#journal.has(seq);
  }

  /** Journal entries first, then the operation. */
  execute(request: ThreadRequest): unknown {
    this.#moment = request.moment;
    this.#touched.by = request.name;
    if (this.database.inTransaction) this.#sayRest(request.moment);
    for (const entry of request.journal) this.#write(entry, request.moment);
    if (request.name === 'close') return undefined;
    return this.#operations[request.name](request.moment, ...(request.arguments as never[]));
  }

  get rows(): Pick<RowFacts, 'owes' | 'sayOwed'> {
    return this.#rows;
  }

  /** Of the box, for whoever is to learn of it. */
  report(report: BoxReport, moment: Moment): void {
    if (report.why === 'rewritten') rebuildQueue(this.database);
    this.#say({ kind: 'report', report }, moment);
  }

  /** Continues the transaction that lazy requests have left open, if there is one. `by`: for what, unless it is for requests. */
  begin(by?: string, moment?: Moment): void {
    this.#touched.by = by ?? this.#touched.by;
    this.#moment = moment ?? this.#moment;
    if (this.database.inTransaction) return;
    this.#statements.begin.run();
    const version = this.#statements.version.get();
    // A command beside the bridge (`queue`) has added rows, or whoever has the card something that acts by itself.
    if (version !== this.#dataVersion) {
      this.#journal.rewind(this.database);
      if (!this.#options.tool) this.#tellMended(mendSchema(this.database));
    }
    this.#dataVersion = version;
  }

  /** `isFull`: what the chain is to say of it waits until there is room. */
  commit(isFull = false): void {
    if (isFull) {
      this.#rows.owe();
      // Whoever verifies the chain meanwhile learns of it before he can see the rows gone.
      this.beat(this.#moment, 'running', this.#keptUntilMs);
    } else this.#rows.say(this.#moment);
    this.#statements.commit.run();
    this.#said = [];
    this.#committedHead = this.#journal.chain.head;
    this.space.committed();
    // What was erased is not to stand in the log of writes either.
    if (this.#isErasing) this.database.pragma('wal_checkpoint(TRUNCATE)');
    this.#isErasing = false;
  }

  rollback(): void {
    if (this.database.inTransaction) this.database.exec('ROLLBACK');
    this.#dataVersion = undefined;
    this.#toldSchema = [];
    this.#rows.forget();
    this.#journal.rewind(this.database);
    this.#unsaid.unshift(...this.#said);
    this.#said = [];
    this.outbox.rewind();
    this.space.measure();
  }

  /** In the open transaction, or in one of its own: a request that reads may find that a picture is damaged. */
  #together(work: () => void): void {
    if (this.database.inTransaction) {
      work();
      return;
    }
    this.begin();
    try {
      work();
      this.commit();
    } catch (error) {
      this.rollback();
      throw error;
    }
  }

  life(moment: Moment, clean: boolean, waitsSinceMs?: number): Life {
    const isTrusted = isKnown(this.timeline.quality);
    const laneMs = this.timeline.laneMs(moment.nowMs);
    if (this.#rows.owes) this.#owedMs = laneMs;
    return {
      bootId: this.#options.bootId,
      nowMs: Math.floor(moment.nowMs),
      // By the source that is trusted: the system clock may be another's.
      wallMs: Math.round(isTrusted ? moment.nowMs + this.timeline.wallOffsetMs : moment.wallMs),
      laneMs,
      wallTrusted: isTrusted,
      ...(this.#committedHead && { chain: this.#committedHead }),
      ...(this.#owedMs !== undefined && { owedMs: this.#owedMs }),
      ...(waitsSinceMs !== undefined && { waitsSinceMs: this.timeline.laneMs(waitsSinceMs) }),
      ...(this.#blindSinceMs !== undefined && { blindSinceMs: this.#blindSinceMs }),
      clean,
    };
  }

  /** Writes the heartbeat; durable where the mark itself matters. */
  beat(moment: Moment, mark: 'running' | 'started' | 'clean' = 'running', waitsSinceMs?: number): void {
    if (this.#options.tool) return;
    this.#keptUntilMs = waitsSinceMs ?? moment.nowMs;
    const life = this.life(moment, mark === 'clean', waitsSinceMs);
    writeLife(join(this.#options.path, LIFE_FILE), life, mark !== 'running');
  }

  close(): void {
    this.database.close();
  }

  /** A new chain where this database is not what the folder last held; a tool leaves that to the program. */
  #startChain(found: ReturnType<typeof readLife>, successor: Successor | undefined): void {
    const { chain } = this.#journal;
    if (this.#options.tool && chain.id !== undefined) return;
    const former = successor?.chain ?? found.life?.chain;
    const hasRows = this.#journal.seq > (successor?.journalSeq ?? 0);
    // A torn mark, or one of an earlier version, says nothing.
    const why = breakOf(chain, { former, isReplaced: successor !== undefined, hasRows, isMarked: found.exists });
    if (why !== undefined) this.#journal.breakChain(why, former ?? chain.head);
    const { version, bootId } = this.#options;
    if (!this.#options.tool)
      this.#unsaid.push({ kind: 'start', version, bootId, blindMs: Math.round(this.timeline.boot.blindMs) });
  }

  /** What could not be put right is told once. */
  #tellMended(schema: readonly string[]): void {
    const isNew = schema.some((name) => !this.#toldSchema.includes(name));
    this.#toldSchema = schema;
    if (isNew) this.report({ why: 'rewritten', detail: { schema } }, this.#moment);
  }

  #sayRest(moment: Moment): void {
    const facts = [...this.#unsaid, ...this.space.takeGone()];
    this.#unsaid = [];
    this.#said.push(...facts);
    for (const fact of facts) this.#say(fact, moment);
  }

  #write(entry: JournalEntry, moment: Moment): void {
    if (entry.kind === 'facts') this.#operations.keepFact(moment, ...([undefined, entry.changes] as never[]));
    else if (entry.kind !== 'gap') this.#journal.write(entry, moment);
    else {
      this.incidents.add('gap', { events: entry.events }, moment);
      this.#notice({ kind: 'gap', events: entry.events });
    }
  }

  #synced(moment: Moment, ...[nowMs, wallMs, source, withinMs]: Parameters<Operations['synced']>): void {
    const byMs = Math.round(wallMs - nowMs) - this.timeline.wallOffsetMs;
    this.timeline.synced(nowMs, wallMs, source, withinMs);
    const records = this.outbox.correct(moment, Math.abs(byMs) > 1_000);
    if (Math.abs(byMs) > 1_000) this.#observations.followTime();
    if (records > 0 || byMs !== 0) this.#say({ kind: 'clock', source, byMs, records }, moment);
    if (records > 0 || Math.abs(byMs) > 1_000) this.#notice({ kind: 'corrected', records, byMs, source });
  }

  #table(beside: BesideRows, review: ReviewRows): Calls {
    const { outbox } = this;
    const looks = new LookRows(this.database, this.frames, this.timeline);
    const erasure = new Erasure(this.database, { chain: this.#journal.chain, space: this.space, say: this.#say });
    const { database, timeline } = this;
    const rows = { outbound: this.#outbound, observations: this.#observations };
    return {
      ...besideTheQueue({ database, timeline, chain: this.#journal.chain, say: this.#say, ...rows }),
      beat: () => 0, // the thread answers it
      flush: () => undefined,
      watched: () => {
        this.#blindSinceMs = undefined;
      },
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
      withdraw: (moment, laneId, releaseId, why) =>
        outbox.withdraw(laneId, releaseId, why, moment) || review.turnedOut(laneId, releaseId, why, moment),
      counts: () => outbox.counts(),
      list: (_, filter) => review.list(filter),
      countRecords: (_, filter) => review.count(filter),
      plateSlice: (_, part, after) => review.plateSlice(part, after),
      get: (_, id) => review.get(id),
      causes: () => review.causes(),
      requeue: (moment, id, who) => review.requeue(id, who, moment),
      requeueAll: (moment, states, who) => review.requeueAll(states, who, moment),
      correct: (moment, id, changes, who, why) => review.correct(id, changes, who, why, moment),
      dismiss: (moment, id, who, why, voice, states) => review.dismiss(id, who, why, voice, states, moment),
      erase: (moment, plate, who, why) => {
        this.#isErasing = true;
        return erasure.erase(plate, who, why, moment);
      },
      around: (_, laneId, fromMs, toMs) => looks.around(laneId, fromMs, toMs),
      room: (moment) => looks.room(moment),
      observe: (moment, laneId, gap) => this.#observations.observe(laneId, gap, moment),
      report: (moment, report) => this.report(report, moment),
      observations: (_, limit) => this.#observations.newest(limit),
      observedBetween: (_, fromWallMs, toWallMs) => this.#observations.between(fromWallMs, toWallMs),
      unpublished: (_, afterId) => this.#observations.unpublished(afterId),
      published: (_, id, toWallMs) => this.#observations.published(id, toWallMs),
      adopt: (moment, record, pictures) => review.adopt(record, pictures, moment),
      synced: (...said) => this.#synced(...said),
      witnessed: (moment, source, wallMs, byMs) => this.#say({ kind: 'witness', source, wallMs, byMs }, moment),
      stepped: (moment, byMs) => {
        this.timeline.stepped();
        this.outbox.followClock(moment);
        this.incidents.add('clockStep', { byMs }, moment);
      },
    } satisfies ThreadOperations;
  }
}

function boxIdOf(database: Database): number {
  return database.pragma('application_id', { simple: true }) as number;
}
