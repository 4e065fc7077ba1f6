/**
 * Reads the journal of a store that may be in use, without changing anything: for replays and the past. It opens the database itself, read-only,
 * and is meant for a command of its own process; the running bridge reads through its store thread.
 */
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import type { LaneEvent, Release } from '../../lane/types.ts';
import type { BoxFact } from '../chain/chain.ts';
import { StoreError } from '../error.ts';
import { DATABASE_FILE } from '../thread/database.ts';
import { parsed } from '../thread/json.ts';
import { MIGRATIONS } from '../thread/schema.ts';

export interface WallRange {
  /** Inclusive; the beginning of the journal when left out. */
  readonly fromWallMs?: number;
  /** Exclusive; the end of the journal when left out. */
  readonly toWallMs?: number;
}

export interface JournalEvent {
  readonly seq: number;
  readonly laneId: string;
  readonly event: LaneEvent;
  /** Wall time of the event, corrected where the clock became known later. */
  readonly wallMs: number;
}

export interface JournalReader {
  /** Every lane that has rows, in order of its first one. */
  lanes(): readonly string[];
  /** The rows of a range in the order they were appended, one at a time. */
  rows(range: WallRange, laneId?: string): IterableIterator<JournalEvent>;
  /** The rows of a lane after a journal row, up to and including another: from a snapshot to the beginning of a range. */
  rowsBetween(laneId: string, afterSeq: number, upToSeq: number): IterableIterator<JournalEvent>;
  /** The newest engine state of a lane that was kept at or before a journal row; undefined when the journal begins without one. */
  snapshotBefore(laneId: string, seq: number): { readonly seq: number; readonly state: unknown } | undefined;
  /** The verdicts of a lane as they were given, with the version of the program that gave them, oldest first. */
  given(laneId: string): readonly { readonly release: Release; readonly version: string }[];
  /** The settings of a lane, each in force from the row after `seq` on. */
  epochs(laneId: string): readonly { readonly seq: number; readonly settings: unknown }[];
  close(): void;
}

interface Row {
  readonly seq: number;
  readonly lane_id: string;
  readonly event: string;
  readonly wall: number;
}

/** The wall offset of a boot that a source confirmed applies to all its rows; else the reading of the system clock when the row was written. */
const WALL = `CASE WHEN boot.quality IN ('synced', 'corrected') OR boot.offset_source <> 'system'
  THEN journal.at_ms - boot.lane_offset_ms + boot.wall_offset_ms ELSE journal.wall_ms END`;
const ROWS = `SELECT journal.seq AS seq, journal.lane_id AS lane_id, journal.event AS event, ${WALL} AS wall
  FROM journal LEFT JOIN boot ON boot.boot_seq = journal.boot_seq`;

/** `path`: the state folder. Throws StoreError `unavailable` when there is no store, `newer` when a newer version wrote it. */
export function openJournalReader(path: string): JournalReader {
  const database = openReadOnly(path);
  const ends = ({ fromWallMs, toWallMs }: WallRange, laneId?: string) => ({
    from: fromWallMs ?? Number.MIN_SAFE_INTEGER,
    to: toWallMs ?? Number.MAX_SAFE_INTEGER,
    laneId: laneId ?? null,
  });
  const inRange = database.prepare(
    `SELECT * FROM (${ROWS}) WHERE lane_id <> '' AND wall >= @from AND wall < @to AND (@laneId IS NULL OR lane_id = @laneId) ORDER BY seq`,
  );
  const between = database.prepare(
    `${ROWS} WHERE journal.lane_id = ? AND journal.seq > ? AND journal.seq <= ? ORDER BY journal.seq`,
  );
  return {
    lanes: () =>
      database
        .prepare("SELECT lane_id FROM journal WHERE lane_id <> '' GROUP BY lane_id ORDER BY min(seq)")
        .pluck()
        .all() as string[],
    rows: (range, laneId) => events(inRange.iterate(ends(range, laneId)) as IterableIterator<Row>),
    rowsBetween: (laneId, afterSeq, upToSeq) =>
      events(between.iterate(laneId, afterSeq, upToSeq) as IterableIterator<Row>),
    snapshotBefore: (laneId, seq) => {
      const row = database
        .prepare('SELECT seq, state FROM snapshot WHERE lane_id = ? AND seq <= ? ORDER BY seq DESC LIMIT 1')
        .get(laneId, seq) as { seq: number; state: string } | undefined;
      return row && { seq: row.seq, state: parsed<unknown>(row.state) };
    },
    given: (laneId) =>
      (
        database
          .prepare(`SELECT event FROM journal WHERE lane_id = '' AND event LIKE '{"kind":"record"%' ORDER BY seq`)
          .pluck()
          .all() as string[]
      ).flatMap((text) => {
        const fact = parsed<Extract<BoxFact, { kind: 'record' }>>(text);
        const record =
          fact?.lane === laneId && fact.adopted !== true
            ? parsed<{ readonly release: Release }>(fact.record)
            : undefined;
        return fact === undefined || record === undefined ? [] : [{ release: record.release, version: fact.version }];
      }),
    epochs: (laneId) =>
      (
        database.prepare('SELECT seq, settings FROM epoch WHERE lane_id = ? ORDER BY seq').all(laneId) as {
          seq: number;
          settings: string;
        }[]
      ).flatMap(({ seq, settings: text }) => {
        const settings = parsed<unknown>(text);
        return settings === undefined ? [] : [{ seq, settings }];
      }),
    close: () => database.close(),
  };
}

function* events(rows: IterableIterator<Row>): IterableIterator<JournalEvent> {
  for (const { seq, lane_id: laneId, event: text, wall: wallMs } of rows) {
    const event = parsed<LaneEvent>(text);
    if (event !== undefined) yield { seq, laneId, event, wallMs };
  }
}

/** `folder`: the state folder. Throws StoreError `unavailable`, `newer`. */
export function openReadOnly(folder: string): Sqlite.Database {
  const file = join(folder, DATABASE_FILE);
  let database: Sqlite.Database | undefined;
  try {
    database = new Sqlite(file, { readonly: true, fileMustExist: true });
    const version = database.pragma('user_version', { simple: true }) as number;
    // The columns read here exist since the first version, so that a database that no program has opened since an update is read too.
    if (version >= 1 && version <= MIGRATIONS.length) return database;
    if (version === 0) throw new StoreError('unavailable', `${file} holds no store`);
    throw new StoreError('newer', `the database has version ${version}, this program reads ${MIGRATIONS.length}`);
  } catch (error) {
    database?.close();
    if (error instanceof StoreError) throw error;
    throw new StoreError('unavailable', (error as Error).message, { cause: error });
  }
}
